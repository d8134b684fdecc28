# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Indicators of the ledger against a slow recomputation that shares nothing with them."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision
from odoo.addons.hc_revenue_base.tests.kpi_common import FIRST_DAY, KpiCase

NOW = datetime(2026, 7, 10, 18, 30)
DAYS = tuple(FIRST_DAY + timedelta(days=number) for number in range(20, 125, 15))
SHARES = {
    "net_collection_rate": ("received", ("charged", "allowed")),
    "bad_debt_share": ("bad_debt", ("charged",)),
    "charity_share": ("charity_care", ("charged",)),
    "denial_write_off_share": ("denial_write_off", ("charged", "allowed")),
}


def _money(value):
    return Decimal(str(round(value, 2)))


@tagged("post_install", "-at_install")
class TestKpiLedger(KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._live(22)
        cls.env["hc.ledger.account"]._create_missing(cls.company)
        cls.env.cr._now = NOW

    def _write_off(self):
        """Some of what is open is written off, each in its own way."""
        owing = self.env["hc.balance"].search(
            [("company_id", "=", self.company.id), ("amount_open", ">", 10)], order="case_id"
        )
        patients = owing.filtered(lambda balance: balance.responsibility == "patient").case_id
        payers = owing.filtered(lambda balance: balance.responsibility == "payer_1").case_id
        for case, kind, party in (
            (patients[0], "bad_debt", "patient"),
            (patients[1], "charity_care", "patient"),
            (payers[0], "denial_write_off", "payer_1"),
        ):
            action = (
                case.with_user(self.manager)
                ._request_adjustment(
                    kind,
                    party,
                    10.0,
                    idempotency_key=f"{kind}:{case.id}",
                    justification="agreed with the team",
                )
                .sudo()
            )
            if action.state == "pending":
                action._settle(GateDecision("allow"))
            self.assertEqual(action.state, "applied")

    def _sum_entries(self, day):
        """``{case: {what: amount}}`` of the 90 days before, entry by entry."""
        first = day - timedelta(days=90)
        uses = {
            account.account_id: account.kind
            for account in self.env["hc.ledger.account"].search(
                [("company_id", "=", self.company.id)]
            )
        }
        sums = defaultdict(lambda: defaultdict(Decimal))
        lines = self.env["account.move.line"].search(
            [("hc_case_id", "!=", False), ("parent_state", "=", "posted")]
        )
        for line in lines:
            self._add_line(sums[line.hc_case_id], line, uses.get(line.account_id), first, day)
        return sums

    def _add_line(self, sums, line, use, first, day):
        kind = line.account_id.account_type
        if first < line.date <= day:
            if kind.startswith("income") and not use:
                sums["charged"] -= _money(line.balance)
            elif use == "contractual_allowance":
                sums["allowed"] -= _money(line.balance)
            elif use:
                sums[use] += _money(line.balance)
        if kind != "asset_receivable":
            return
        for part in line.matched_debit_ids | line.matched_credit_ids:
            other = (part.debit_move_id | part.credit_move_id) - line
            if not other.hc_case_id and first < part.max_date <= day:
                sign = 1 if part.debit_move_id == line else -1
                sums["received"] += sign * _money(part.amount)

    def _recompute(self, code, day):
        own, measure = SHARES[code]
        sums = self._sum_entries(day)
        cases = [case for case in sums if case.company_id == self.company]
        numerator = sum((sums[case][own] for case in cases), Decimal(0))
        denominator = sum((sums[case][name] for case in cases for name in measure), Decimal(0))
        return numerator, denominator

    def _compute(self, code, day):
        provider = self.env["hc.kpi.provider"].with_user(self.manager)
        return provider._compute_kpi(code, day).figure

    def test_shares_of_the_ledger_equal_the_plain_recomputation(self):
        self._write_off()
        seen = set()
        for day in (*DAYS, NOW.date()):
            for code in SHARES:
                with self.subTest(code=code, day=day):
                    numerator, denominator = self._recompute(code, day)
                    figure = self._compute(code, day)
                    self.assertEqual(figure.numerator, numerator)
                    self.assertEqual(figure.denominator or 0, denominator)
                    seen.add((code, bool(numerator)))
        self.assertLessEqual({(code, True) for code in SHARES}, seen, "each says something")

    def test_days_from_codes_to_invoice(self):
        for day in DAYS:
            lags, cases = [], self.env["hc.billing.case"].search([("origin_case_id", "=", False)])
            for case in cases:
                invoices = case.invoice_ids.filtered(
                    lambda move: move.move_type == "out_invoice" and move.state == "posted"
                )
                billed = min(invoices.mapped("invoice_date"), default=None)
                if not billed or not day - timedelta(days=30) < billed <= day:
                    continue
                entry = self.env["hc.transition"].search(
                    [
                        ("res_model", "=", "hc.encounter"),
                        ("res_id", "=", case.encounter_id.id),
                        ("field_name", "=", "coding_state"),
                        ("to_state", "=", "approved"),
                    ],
                    order="sequence",
                    limit=1,
                )
                zone = ZoneInfo(case.facility_id.timezone)
                coded = entry.occurred_at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
                lags.append(max((billed - coded).days, 0))
            figure = self._compute("invoice_latency_days", day)
            self.assertEqual((figure.numerator, figure.count), (sum(lags), len(lags)))

    def test_a_charge_after_the_first_invoice_is_late(self):
        case = self.env["hc.billing.case"].search(
            [("stage", "=", "invoiced"), ("company_id", "=", self.company.id)], limit=1
        )
        billed = min(case.invoice_ids.mapped("invoice_date"))
        day = billed + timedelta(days=3)
        before = self._compute("late_charge_share", day)
        charge = case.charge_ids[:1]
        self.env.cr.execute("UPDATE hc_charge SET charged_on = %s WHERE id = %s", [day, charge.id])
        charge.invalidate_recordset()
        after = self._compute("late_charge_share", day)
        self.assertEqual(after.numerator - before.numerator, _money(charge.amount))
