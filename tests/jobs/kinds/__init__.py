"""An app with job kinds for the tests: its workers load it through ``MCAI_EXTRA_APPS``."""
