# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Every operation keeps what its OpenAPI description says, whatever is sent to it."""

from collections import Counter

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = 12
CHECKS = [
    schemathesis.checks.not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def calling(world):
    """Headers of a connected system."""
    with world.env() as env:
        user = env["res.users"].search([("login", "=", "at.integration")])
        secret = env["hc.secret"].create(
            {"name": "schema", "code": "inbound.schema", "value": "a-secret-of-tests-0123456789"}
        )
        source = env["hc.integration.source"].create(
            {
                "name": "Schema",
                "code": "schema-tests",
                "user_id": user.id,
                "secret_id": secret.id,
                "rate_per_minute": 60000,
            }
        )
        source.action_activate()
        key = env["hc.integration.key"]._issue(source, "schema tests", 1)
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def described(calling, base_url):
    """The description as the server gives it."""
    answer = requests.get(f"{base_url}/hc/v1/openapi.json", headers=calling, timeout=30)
    assert answer.status_code == 200
    return schemathesis.openapi.from_dict(answer.json())


def _settings():
    return hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def test_every_operation_keeps_its_description(described, calling, base_url):
    """Fitting and unfitting input: the answer is described, and never a server error."""
    statuses = Counter()
    for result in described.get_all_operations():
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(result.ok().as_strategy(generation_mode=mode), base_url, calling, statuses, mode)
    # Some of it was taken, some of it was refused: both kinds of input were really sent.
    assert statuses["positive", 200] >= EXAMPLES, statuses
    assert statuses["negative", 400] >= EXAMPLES, statuses


def _try(strategy, base_url, headers, statuses, mode):
    @hypothesis.given(case=strategy)
    @_settings()
    def run(case):
        answer = case.call_and_validate(base_url=base_url, headers=headers, checks=CHECKS)
        statuses[mode.value, answer.status_code] += 1

    run()
