"""Flower: on loopback, behind a log-in, with a memory that survives a restart.

FLOWER_PORT, FLOWER_ADDRESS, FLOWER_BASIC_AUTH (user:password) and FLOWER_URL_PREFIX (for a place below the address of
the web server) override.
"""

import os
from typing import Any

from mcai_project.embedded import secret, state

address = os.environ.get("FLOWER_ADDRESS", "127.0.0.1")
port = int(os.environ.get("FLOWER_PORT", "5555"))
basic_auth = [os.environ.get("FLOWER_BASIC_AUTH") or f"admin:{secret.kept(state.home(), 'flower_password')}"]
url_prefix = os.environ.get("FLOWER_URL_PREFIX", "").strip("/")
max_tasks = 10_000
purge_offline_workers = 3600
natural_time = False

persistent = True
db = str(state.home() / "flower" / "state")
state_save_interval = 60_000  # ms
(state.home() / "flower").mkdir(mode=0o700, parents=True, exist_ok=True)  # pickles: nobody else may write there

_admin = (
    os.environ.get("MCAI_PUBLIC_URL")
    or f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
)


def format_task(task: Any) -> Any:
    """Show, in place of arguments that only repeat the id, where the admin tells of the job."""
    if str(task.name).startswith("jobs."):
        task.args, task.kwargs = f"{_admin.rstrip('/')}/admin/jobs/job/{task.uuid}/change/", ""
    return task
