# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Case to posted invoice, against stock Odoo creating and posting the same invoices."""

import time

import population

CASES_A_PAYER = 100


def _stock(env, cases):
    """The same invoices as a stock Odoo user makes them, in one batch."""
    vals_list = [
        {
            "move_type": "out_invoice",
            "partner_id": case.payer_id.partner_id.id,
            "invoice_date": population.SERVICE_DATE,
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "name": charge.name,
                        "quantity": charge.units,
                        "price_unit": charge.unit_price,
                        "tax_ids": [(5, 0, 0)],
                    },
                )
                for charge in case.charge_ids
            ],
        }
        for case in cases
    ]
    moves = env["account.move"].create(vals_list)
    moves.action_post()
    env.flush_all()
    return moves


def test_case_to_posted_invoice(odoo_env, size, figures, stopwatch):
    """Ratio of CPU; aim: at most 1.15 of stock."""
    with odoo_env() as env:
        # As many payers as a group of this size bills: stock Odoo asks for each line which account
        # is usual for its partner, which takes as long as the partner has lines.
        payer_count = max(1, size // CASES_A_PAYER)
        encounters = population.encounters(
            env, size, f"inv{size}-{time.time_ns()}-", payer_count=payer_count
        )
        rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
        rule._config_write({"active": False})
        population.group(env).billing_policy = "review_first"
        encounters.action_complete()
        encounters.action_approve_coding()
        cases = env["hc.billing.case"]._create_for(encounters)
        encounters.service_line_ids._convert_to_charges()
        cases._transition("charge_review")
        cases._transition("coding")
        cases._transition("readiness_check")
        readiness, _ = stopwatch(lambda: (cases._run_readiness(), env.flush_all()))
        assert set(cases.mapped("stage")) == {"ready"}, cases.finding_ids.mapped("message")[:5]
        figures.add(f"readiness with transition, {size}", readiness / size * 1e3, "ms CPU/case")
        population.group(env).billing_policy = "straight_through"
        cases[: size // 10]._bill(raise_errors=True)
        cases = cases[size // 10 :]
        size = len(cases)
        population.analyze(env, "hc.billing.case", "hc.charge", *population.LEDGER)
        env.invalidate_all()
        ours, _ = stopwatch(lambda: (cases._bill(raise_errors=True), env.flush_all()))
        assert set(cases.mapped("stage")) == {"invoiced"}
        population.analyze(env, *population.LEDGER)
        env.invalidate_all()
        stock, moves = stopwatch(lambda: _stock(env, cases))
        assert len(moves) == size
        assert sum(moves.mapped("amount_total")) == sum(cases.invoice_ids.mapped("amount_total"))
        figures.add(f"case to posted invoice, {size}", ours / size * 1e3, "ms CPU/case")
        figures.add(f"stock invoice, {size}", stock / size * 1e3, "ms CPU/case")
        figures.add(f"case to posted invoice beside stock, {size}", ours / stock, "ratio")
        env.cr.rollback()
