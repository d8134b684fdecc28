# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""n8n is down for a while: Odoo keeps what it has to tell and sends it until n8n answers."""

import office


def test_what_happens_while_n8n_is_down_is_told_afterwards(n8n, odoo_env, deliver):
    n8n.stop()
    with odoo_env() as env:
        claims = office.sent_claims(env, 2)
        for claim in claims:
            office.reject(env, claim, "A6")
    for _attempt in range(3):
        deliver()
        with odoo_env() as env:
            rows = office.deliveries(env, "claim.rejected", claims)
            assert set(rows.mapped("state")) == {"pending"}
            assert not any(rows.mapped("status")), "nobody answers"
            office.make_due(env)
    assert max(rows.mapped("attempts")) >= 2
    n8n.start()
    n8n.await_webhook("claim-rejected")
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
