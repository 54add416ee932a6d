"""Pure numeric engines: parameters in, files and figures out. No Django, no settings, no other room of ours."""
