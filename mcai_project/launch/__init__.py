"""``python -m mcai_project.launch run|demo``: the whole system in one clone, by one command."""
