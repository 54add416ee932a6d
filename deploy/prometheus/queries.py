"""Every PromQL expression of the rules, the dashboard and KEDA: for promtool to read, or put to a live Prometheus.

``queries.py rules`` prints the expressions of dashboard and KEDA as recording rules (``promtool check rules``).
``queries.py http://localhost:9090`` evaluates them all, says which give nothing, and fails if one is an error.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

_DEPLOY = Path(__file__).resolve().parents[1]
_VARIABLES = {"$__rate_interval": "1m", "$__interval": "15s", "$__range": "1h"}  # what Grafana puts in


def shown() -> Iterator[tuple[str, str]]:
    """Yield the place and the expression of each query of the dashboard and of KEDA, Grafana's variables filled in."""
    for panel in json.loads((_DEPLOY / "grafana/mc-ai.json").read_text())["panels"]:
        for target in panel["targets"]:
            yield f"{panel['title']} {target['refId']}", _filled(target["expr"])
    for path in sorted((_DEPLOY / "keda").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            for trigger in document["spec"]["triggers"]:
                yield path.name, trigger["metadata"]["query"]


def ruled() -> Iterator[tuple[str, str]]:
    """Yield the name and the expression of each alert and recording rule."""
    for group in yaml.safe_load((_DEPLOY / "prometheus/rules.yml").read_text())["groups"]:
        for rule in group["rules"]:
            yield rule.get("alert") or rule["record"], rule["expr"]


def as_rules() -> str:
    """Return what is shown as recording rules, for promtool."""
    rules = [{"record": f"check:query_{number}", "expr": expr} for number, (_, expr) in enumerate(shown())]
    return yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]})


def evaluate(prometheus: str) -> int:
    """Put every expression to the server; print each with its number of series, return how many were errors."""
    wrong = 0
    for place, expr in [*shown(), *ruled()]:
        found = _ask(prometheus, expr)
        if isinstance(found, str):
            wrong += 1
            print(f"ERROR  {place}: {found}")
        else:
            print(f"{found:5}  {place}")
    return wrong


def _filled(expr: str) -> str:
    for name, value in _VARIABLES.items():
        expr = expr.replace(name, value)
    return expr


def _ask(prometheus: str, expr: str) -> int | str:
    """Return how many series the expression gives, or what the server has against it."""
    url = f"{prometheus.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': expr})}"
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - the operator gave it
            return len(json.load(answer)["data"]["result"])
    except urllib.error.HTTPError as error:
        return str(json.load(error)["error"])


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say; return the exit code."""
    match arguments:
        case ["rules"]:
            print(as_rules())
            return 0
        case [prometheus] if prometheus.startswith("http"):
            return 1 if evaluate(prometheus) else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
