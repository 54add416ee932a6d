"""The OpenAPI schema: valid, complete, and kept by the answers."""

from typing import Any

import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from jobs.keys import key_create
from mcai_project.wsgi import application

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
)
STREAMS = {"/api/job/{job_id}/events"}  # an endless answer has no end to be checked


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return found


def test_the_schema_is_valid(document: dict[str, Any]) -> None:
    validate_schema(document)


def test_every_address_of_the_contract_is_in_it(document: dict[str, Any]) -> None:
    wanted = {
        "/api/art/generate-async", "/api/music/generate-async", "/api/cymatic/analyze-async",
        "/api/emotion/analyze-async", "/api/datasets/rotate-async", "/api/datasets/import-async", "/api/job/{job_id}",
        "/api/job/{job_id}/events", "/api/jobs", "/api/datasets", "/api/datasets/{domain}/examples", "/api/emotions",
        "/api/examples/search", "/api/knowledge/query", "/api/system/health", "/api/system/stats", "/api/cache/stats",
    }  # fmt: skip
    assert wanted <= set(document["paths"])


def test_what_generated_clients_are_named_by_has_no_numbers(document: dict[str, Any]) -> None:
    methods = [each for ways in document["paths"].values() for each in ways.values() if isinstance(each, dict)]
    names = [each["operationId"] for each in methods if "operationId" in each]
    assert len(names) == len(set(names))
    assert not [name for name in (*names, *document["components"]["schemas"]) if any(map(str.isdigit, name))]
    assert "HealthStatusEnum" in document["components"]["schemas"]


@pytest.mark.django_db(transaction=True)
def test_no_request_crashes_the_service_or_gets_an_undocumented_answer(document: dict[str, Any]) -> None:
    call_command("load_fixtures", verbosity=0)
    _, key = key_create(owner=User.objects.create_superuser("alice"), name="test")
    schema = schemathesis.openapi.from_wsgi("/api/schema", application, headers={"Authorization": f"Bearer {key}"})
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path not in STREAMS:
            _check_operation(operation, {"Authorization": f"Bearer {key}"})


def _check_operation(operation: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=4, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def check(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    check()
