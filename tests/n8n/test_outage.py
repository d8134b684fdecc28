# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""n8n is down for a while: Odoo keeps what it has to tell and sends it until n8n answers."""

import office
import pytest


@pytest.fixture
def stopped(n8n):
    """n8n is down until the test starts it, or ends."""
    n8n.stop()
    yield n8n
    if not n8n.process:
        n8n.start()


def test_what_happens_while_n8n_is_down_is_told_afterwards(stopped, odoo_env, deliver):
    with odoo_env() as env:
        claims = office.sent_claims(env, 2)
        for claim in claims:
            office.reject(env, claim, "A6")
    attempts = []
    for _attempt in range(3):
        deliver()
        with odoo_env() as env:
            rows = office.deliveries(env, "claim.rejected", claims)
            attempts.append(sum(rows.mapped("attempts")))
            assert set(rows.mapped("state")) == {"pending"}
            assert not any(rows.mapped("status")), "nobody answers"
            office.make_due(env)
    assert attempts[-1] > attempts[0] > 0, "Odoo tries again and again"
    stopped.start()
    stopped.await_webhook("claim-rejected")
    for _turn in range(4):
        # An endpoint that was left alone is tried with one message first.
        deliver()
        with odoo_env() as env:
            office.make_due(env)
    with odoo_env() as env:
        claims = claims.with_env(env)
        rows = office.deliveries(env, "claim.rejected", claims)
        assert set(rows.mapped("state")) == {"delivered"}, rows.mapped("error")
        for claim in claims:
            found = office.items(env, f"Claim {claim.name} was rejected (A")
            assert found == [("patient_access", "error", claim.case_id.name)]
