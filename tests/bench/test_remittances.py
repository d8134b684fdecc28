# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""An 835 from file to settled receivables, against stock registration of the same payments."""

import time

import claim_answers
import population

STOCK_SIZE = 100


def _bill(env, size):
    """Billed cases of a payer, each with a claim that was sent."""
    encounters = population.encounters(env, size, f"era{size}-{time.time_ns()}-")
    rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
    rule._config_write({"active": False})
    encounters.action_complete()
    encounters.action_approve_coding()
    cases = env["hc.billing.case"]._create_for(encounters)
    encounters.service_line_ids._convert_to_charges()
    for stage in ("charge_review", "coding", "readiness_check"):
        cases._transition(stage)
    cases._run_readiness()
    # The Automation Rule may have billed them already.
    cases.filtered(lambda case: case.stage == "ready")._bill(raise_errors=True)
    assert set(cases.mapped("stage")) == {"invoiced"}
    return cases


def _register_stock(env, cases):
    """The stock way: one payment per invoice, by the wizard that people use."""
    invoices = cases.invoice_ids
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    )
    wizard.create({"group_payment": False})._create_payments()
    env.flush_all()


def test_remittance_to_settled_receivables(odoo_env, size, figures, stopwatch):
    """CPU per claim for parse, proof, match, post and reconcile; aim: at most 14 ms."""
    with odoo_env() as env:
        env["hc.ledger.account"]._create_missing(env.company)
        cases = _bill(env, size)
        claims = claim_answers.send_claims(env, cases)
        content = claim_answers.answer(claims)
        env.flush_all()
        env.invalidate_all()
        exchanges = env["hc.exchange"]
        exchange, _verdict = exchanges._receive_remittance(content, "bench", "bench.835")

        def read():
            exchange._process(lambda done, left: True)
            env.flush_all()

        reading, _ = stopwatch(read)
        remittance = exchange.remittance_ids
        assert remittance.state == "proven", remittance.hold_reason
        env.invalidate_all()

        def post():
            remittance._post()
            jobs = env["hc.job"].search([("batch", "=", f"remittance:{remittance.id}")], order="id")
            for job in jobs:
                remittance._job_post_answers(**job.arguments)
                env.flush_all()
                env.invalidate_all()

        posting, _ = stopwatch(post)
        assert remittance.state == "posted"
        states = set(remittance.claim_ids.mapped("state"))
        assert states == {"posted"}, (states, remittance.claim_ids.mapped("hold_code")[:5])
        env.invalidate_all()

        def invoice():
            jobs = env["hc.job"].search(
                [("batch", "=", f"remittance invoices:{remittance.id}")], order="id"
            )
            for job in jobs:
                remittance._job_invoice_patients(**job.arguments)
                env.flush_all()
                env.invalidate_all()

        invoicing, _ = stopwatch(invoice)
        open_items = env["hc.balance"].search([("case_id", "in", cases.ids)])
        assert {item.responsibility for item in open_items if item.amount_open} == {"patient"}
        figures.add(f"835 read, proven, matched, {size}", reading / size * 1e3, "ms CPU/claim")
        figures.add(f"835 posted, {size}", posting / size * 1e3, "ms CPU/claim")
        figures.add(f"patients invoiced, {size}", invoicing / size * 1e3, "ms CPU/claim")
        figures.add(f"835 in all, {size}", (reading + posting) / size * 1e3, "ms CPU/claim")
        others = _bill(env, STOCK_SIZE)
        env.flush_all()
        env.invalidate_all()
        stock, _ = stopwatch(lambda: _register_stock(env, others))
        per_claim = stock / STOCK_SIZE
        figures.add("stock payment registration", per_claim * 1e3, "ms CPU/invoice")
        figures.add(f"835 beside stock, {size}", (reading + posting) / size / per_claim, "ratio")
        env.cr.rollback()
