# Every target needs Python 3.11+ and make, and nothing else: the tools come from the lock file.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.8
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(VENV)/bin/python
# Where it is set, every process compiles every module anew: 1.7 s of processor time for each worker that starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo run test lint bench load chaos check-monitoring format clean

demo: $(VENV)/.installed-run
	$(PY) -m mcai_project.launch demo

run: $(VENV)/.installed-run
	@exec $(PY) -m mcai_project.launch run

test: $(VENV)/.installed-dev
	$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

format: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.installed-bench
	$(PY) -m benchmarks $(ARGS)

load: $(VENV)/.installed-bench
	$(PY) -m benchmarks.load $(ARGS)

chaos: $(VENV)/.installed-dev
	$(PY) -m tests.chaos $(ARGS)

# Needs promtool and amtool; with ARGS=http://localhost:9090 every expression is put to that Prometheus.
check-monitoring: $(VENV)/.installed-dev
	PYTHON=$(abspath $(PY)) sh deploy/prometheus/check.sh $(ARGS)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# --inexact: uv itself lives in this environment and is not one of the locked packages.
$(VENV)/.installed-run: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --inexact --no-default-groups
	@touch $@

$(VENV)/.installed-dev: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --inexact
	@touch $@ $(VENV)/.installed-run

$(VENV)/.installed-bench: uv.lock pyproject.toml | $(UV)
	$(UV) sync --frozen --inexact --group bench
	@touch $@ $(VENV)/.installed-run $(VENV)/.installed-dev

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
