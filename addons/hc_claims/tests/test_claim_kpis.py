# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .claim_common import ClaimCase
from .claim_kpi_recompute import ClaimRecompute
from .contract_common import ContractCase
from .remittance_common import clp

OWN = (
    "clean_claim_rate",
    "first_pass_yield",
    "claim_rejection_rate",
    "claim_turnaround_days",
    "reconciliation_exception_rate",
    "cash_application_rate",
    "underpayment_amount",
    "underpayment_rate",
)
# Days ago: claim sent, answered; what the payer allows of 150, and what happens besides.
_STORIES = (
    (70, 50, 100, ""),
    (45, 20, 90, ""),
    (40, 12, 70, "rejected"),
    (25, 6, 100, "held"),
    (22, 3, 60, "disputed"),
    (15, 2, 130, ""),
    (12, 1, 100, "crossover"),
    (8, None, 0, "rejected"),
    (2, 0, 0, "credit"),
)


@tagged("post_install", "-at_install")
class TestClaimKpis(ContractCase, ClaimCase):
    """Figures of claims and payments, at any day the same as a slow plain count."""

    def _backdate(self, records, days):
        """Let records' log be older; the log's own triggers are off for this."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hc_transition DISABLE TRIGGER USER")
        for record in records:
            self.env.cr.execute(
                "UPDATE hc_transition SET occurred_at = occurred_at - %s * INTERVAL '1 day'"
                " WHERE res_model = %s AND res_id = %s",
                [days, record._name, record.id],
            )
        self.env.cr.execute("ALTER TABLE hc_transition ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _create_batch(self):
        return self.env["hc.claim.batch"]._create_guarded(
            [
                {
                    "name": "COASTAL-KPI",
                    "clearinghouse_id": self.clearinghouse.id,
                    "company_id": self.company.id,
                    "claim_type": "professional",
                    "usage_indicator": "T",
                    "control_number": 900,
                    "written_at": self.env.cr.now(),
                }
            ]
        )

    def _live(self):
        today = fields.Date.context_today(self.env.user)
        batch = self._create_batch()
        for number, (sent, answered, allowed, event) in enumerate(_STORIES):
            patient = self._create_patient(f"50K{number}")
            coverage = self._create_coverage(patient)
            claim = self._make_claim(f"K-{number}", patient=patient, coverage=coverage)
            claim._write_guarded({"submitted_on": today - timedelta(days=sent)})
            if event != "crossover":
                claim._write_guarded({"batch_id": batch.id})
            if event == "rejected":
                claim._transition("rejected")
            self._backdate(claim, sent)
            if answered is None:
                continue
            self._live_answer(claim, number, answered, allowed, event)
        self._compare()
        for variance in self.env["hc.payment.variance"].search([]):
            answered = _STORIES[int(variance.remittance_id.trace_number[3:])]
            if answered[3] == "disputed":
                variance.action_dispute()
            self._backdate(variance, answered[1])
        # Nothing of this is held before it is sent but one.
        held = self.env["hc.claim"].search([("submitted_on", "=", today - timedelta(days=25))])
        self.env["hc.transition"]._append(
            [{"record": held, "kind": "transition", "field_name": "state", "to_state": "held"}]
        )

    def _live_answer(self, claim, number, answered, allowed, event):
        # More than is open: the answer is held.
        paid = 200 if event == "credit" else allowed
        adjustments = [("CO", "45", 150 - paid)]
        remittance = self._post(
            [clp(claim.name, 150, paid, lines=[("V1001", 150, paid, adjustments)])],
            paid,
            trace=f"TK-{number}",
        )
        self.assertEqual(remittance.state, "posted")
        self._backdate([remittance, remittance.claim_ids], answered)
        self.env.cr.execute(
            "UPDATE hc_remittance SET create_date = create_date - %s * INTERVAL '1 day'"
            " WHERE id = %s",
            [answered, remittance.id],
        )
        self.env.cr.execute("ALTER TABLE hc_transition DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE hc_transition SET occurred_at = occurred_at - %s * INTERVAL '1 day'"
            " WHERE res_model = 'hc.claim' AND res_id = %s"
            " AND to_state IN ('paid', 'partially_paid', 'denied')",
            [answered, claim.id],
        )
        self.env.cr.execute("ALTER TABLE hc_transition ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def test_figures_are_those_of_a_plain_count_at_any_day(self):
        self.facility.timezone = "UTC"
        self._live()
        provider = self.env["hc.kpi.provider"]
        today = fields.Date.context_today(self.env.user)
        values = {code: set() for code in OWN}
        for days_ago in (0, 1, 4, 10, 25, 60):
            day = today - timedelta(days=days_ago)
            plain = ClaimRecompute(self.env, self.facility, day, self.env.cr.now())
            for code in OWN:
                with self.subTest(code, days_ago=days_ago):
                    figure = provider._compute_kpi(code, day, facilities=self.facility).figure
                    numerator, denominator, behind = getattr(plain, code)()
                    self.assertEqual(figure.numerator, numerator)
                    if denominator is not None:
                        self.assertEqual(figure.denominator or 0, denominator)
                    self.assertEqual(figure.count, len(behind))
                    self._assert_drill_down(code, day, behind)
                    values[code].add(figure.value)
        for code, seen in values.items():
            self.assertGreater(len(seen), 1, f"{code} does not move")

    def test_what_a_primary_payer_sent_on_was_not_submitted_by_us(self):
        self._live()
        provider = self.env["hc.kpi.provider"]
        today = fields.Date.context_today(self.env.user)
        for code, expected in (("claim_rejection_rate", 5), ("claim_turnaround_days", 6)):
            figure = provider._compute_kpi(code, today, facilities=self.facility).figure
            self.assertEqual(figure.denominator, expected)

    def _assert_drill_down(self, code, day, behind):
        action = self.env["hc.kpi.dashboard"].get_drill_down(
            code, {"as_of": str(day), "facility_id": self.facility.id}
        )
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(found.ids), behind)

    def test_the_page_shows_them_and_groups_them(self):
        dashboard = self.env["hc.kpi.dashboard"].with_user(self.manager)
        cards = dashboard.get_overview({"topic": "claims"})["cards"]
        self.assertLessEqual(set(OWN), {card["code"] for card in cards})
        for card in cards:
            with self.subTest(card["code"]):
                for grouping in card["groupings"]:
                    dashboard.get_groups(card["code"], grouping)
