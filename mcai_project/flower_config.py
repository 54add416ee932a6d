"""Flower: on loopback, behind a log-in. FLOWER_PORT, FLOWER_ADDRESS and FLOWER_BASIC_AUTH (user:password) override."""

import os

from mcai_project.embedded import secret, state

address = "127.0.0.1"
port = int(os.environ.get("FLOWER_PORT", "5555"))
basic_auth = [os.environ.get("FLOWER_BASIC_AUTH") or f"admin:{secret.kept(state.home(), 'flower_password')}"]
max_tasks = 10_000
purge_offline_workers = 3600
natural_time = False
