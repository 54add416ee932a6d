#!/bin/sh
# Check the configuration and every query of dashboard and KEDA, and make every alert fire. With the address of a running
# Prometheus (check.sh http://localhost:9090) each expression is put to it as well. promtool comes with Debian's package `prometheus`, amtool with
# `prometheus-alertmanager`.
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-../../.venv/bin/python}"
promtool check config --syntax-only prometheus.yml
promtool check rules rules.yml
promtool test rules rules.test.yml
queries=$(mktemp --suffix=.yml)
trap 'rm -f "$queries"' EXIT
"$python" queries.py rules > "$queries"
promtool check rules "$queries"
amtool check-config ../alertmanager/alertmanager.yml
[ $# -eq 0 ] || "$python" queries.py "$1"
