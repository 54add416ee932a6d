"""What the job commands share: who acts, finding a job, drawing how it goes."""

import time
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from jobs import selectors
from jobs.choices import Status
from jobs.selectors import JobView

_LOOK_SECONDS = 0.2


def acting_user(username: str) -> User:
    """Return the user that jobs of the command line belong to, made where missing."""
    user, made = get_user_model().objects.get_or_create(username=username)
    if made:
        user.set_unusable_password()
        user.save()
    return user


def job_or_error(text: str) -> JobView:
    """Return the job of that id, or end the command with a clear message."""
    try:
        job = selectors.job_get(job_id=UUID(text), owner_id=None)
    except ValueError:
        raise CommandError(f"{text!r} is not a job id") from None
    if job is None:
        raise CommandError(f"there is no job {text}; `manage.py jobs` lists them")
    return job


def watch(job: JobView, stdout: OutputWrapper) -> JobView:
    """Draw the job's progress until it ends; return it as it ended."""
    with tqdm(total=100, bar_format="{l_bar}{bar}| {elapsed} {postfix}", desc=job.kind) as bar:
        while True:
            bar.set_postfix_str(f"{job.status} {job.stage}", refresh=False)
            bar.update(job.progress - bar.n)
            if not job.is_active:
                return job
            time.sleep(_LOOK_SECONDS)
            job = job_or_error(str(job.id))


def tell(job: JobView, stdout: OutputWrapper) -> None:
    """Print how the job ended; raise `CommandError` where it failed."""
    if job.status == Status.FAILED:
        raise CommandError(f"{job.id} failed: {(job.error or {}).get('message')}")
    stdout.write(f"{job.id} {job.status}")
    for file in (job.result or {}).get("files", []):
        stdout.write(f"  {file['name']}  {file['media_type']}  {file['size']:,} bytes")


def row(job: JobView) -> str:
    """Return one line of a list of jobs."""
    when = f"{job.created_at:%Y-%m-%d %H:%M:%S}"
    return f"{job.id}  {when}  {job.kind:<10} {job.status:<10} {job.progress:>3} %  {job.stage}"


def body_of(pairs: list[str]) -> dict[str, Any]:
    """Read ``name=value`` pairs; a value that is JSON is read as such, a dotted name goes into ``options``."""
    import json

    body: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator:
            raise CommandError(f"{pair!r} must be name=value, such as prompt='a calm sea' or options.seed=7")
        try:
            value = json.loads(text)
        except ValueError:
            value = text
        place = body
        *parents, leaf = name.split(".")
        for parent in parents:
            place = place.setdefault(parent, {})
        place[leaf] = value
    return body
