#!/bin/sh
# Check the configuration and make every alert fire. promtool comes with Debian's package `prometheus`, amtool with
# `prometheus-alertmanager`.
set -eu
cd "$(dirname "$0")"
promtool check config --syntax-only prometheus.yml
promtool check rules rules.yml
promtool test rules rules.test.yml
amtool check-config ../alertmanager/alertmanager.yml
