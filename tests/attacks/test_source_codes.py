# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One system sends in the name of another: over HTTP, at once, and in vain."""

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import senders


@pytest.fixture(scope="module")
def systems(odoo_env):
    """Two connected systems with a key each: ``[(code, key), (code, key)]``."""
    with odoo_env() as env:
        sources = [senders.connect_source(env) for _number in range(2)]
        return [
            (source.code, env["hc.integration.key"]._issue(source, "attack", 30))
            for source in sources
        ]


def _call(base_url, key, operation, payload):
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    path = f"/hc/v1/operations/{operation}"
    status, _headers, document = senders.post(base_url, path, json.dumps(payload), headers)
    return status, document


def _document(source, number):
    return {
        "document_type": "charge_csv",
        "source": source,
        "external_id": number,
        "content_base64": base64.b64encode(b"a,b").decode(),
    }


def test_a_key_does_not_send_in_another_systems_name(odoo_env, base_url, systems):
    (victim, victims_key), (_attacker, attackers_key) = systems
    number = uuid.uuid4().hex
    status, answer = _call(base_url, attackers_key, "exchange.submit", _document(victim, number))
    assert (status, answer["code"]) == (403, "access_denied")
    assert _call(base_url, victims_key, "exchange.submit", _document(victim, number))[0] == 200
    # Nor does it learn whether the other one sent a document.
    again = _call(base_url, attackers_key, "exchange.submit", _document(victim, number))
    assert again == (status, answer)
    with odoo_env() as env:
        attempts = env["hc.refused.attempt"].search([("reason", "=", "foreign_source")])
        assert attempts
        assert env["hc.exchange"].search_count([("external_id", "=", number)]) == 1


def test_the_proof_of_another_system_is_not_told(odoo_env, base_url, systems):
    (victim, _victims_key), (_attacker, attackers_key) = systems
    with odoo_env() as env:
        source = env["hc.integration.source"].search([("code", "=", victim)])
        env["hc.integration.proof"]._get_proof(source, "2026-03-03")
    payload = {"source": victim, "day": "2026-03-03"}
    status, answer = _call(base_url, attackers_key, "source.proof", payload)
    assert (status, answer["code"]) == (404, "not_found")


def test_of_two_who_take_a_free_code_at_once_one_has_it(odoo_env, base_url, systems):
    for _round in range(4):
        code = f"free-{uuid.uuid4().hex[:12]}"

        def send(number, code=code):
            key = systems[number % 2][1]
            document = _document(code, f"{code}-{number}")
            return number % 2, _call(base_url, key, "exchange.submit", document)[0]

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(send, range(8)))
        winners = {who for who, status in answers if status == 200}
        assert len(winners) == 1, answers
        assert {status for who, status in answers if who not in winners} == {403}
        with odoo_env() as env:
            sent = env["hc.exchange"].search([("source", "=", code)])
            assert len(sent.create_uid) == 1
