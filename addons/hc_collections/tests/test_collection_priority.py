# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from ..hc_dunning_core.priority import PRIORITY_FACTORS
from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCollectionPriority(CollectionsCase):
    """The worklist is ordered by points that collectors can follow."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("R-1")
        self.account = self._account_of(self.case)

    def test_the_shipped_factors_are_those_of_the_core(self):
        factors = self.env["hc.collection.priority.factor"].search([("active", "=", True)])
        self.assertEqual(
            {(one.name, one.points) for one in factors},
            {(one.name, one.points) for one in PRIORITY_FACTORS},
        )

    def test_who_is_not_known_gets_points_for_that(self):
        self.account._score_priority()
        self.assertEqual(self.account.priority_score, 20)
        self.assertEqual(
            self.account.priority_reasons, "+20  Nothing is known of earlier payments."
        )

    def test_a_dispute_returned_mail_and_age_count(self):
        self._age(self.case, 60)
        self.env["hc.billing.dispute"]._open(
            self.account,
            {self.case: 10.0},
            kind="other",
            description="Not right.",
            channel="call",
            received_on=self.today,
            due_on=self.today,
            owner_id=self.collector.id,
        )
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "letter",
                    "channel": "letter",
                    "purpose": "reminder",
                    "outcome": "returned",
                }
            ]
        )
        self.account._score_priority()
        reasons = self.account.priority_reasons
        self.assertIn("Mail comes back.", reasons)
        self.assertIn("The bill is disputed.", reasons)
        self.assertIn("Other bills past due: 1.", reasons)
        self.assertEqual(self.account.priority_score, 20 + 28 + 5 + 4)

    def test_what_was_paid_late_counts(self):
        self._age(self.case, 60)
        self._pay_amount(self.case, 150.0)
        self._bill("R-2", coverage=self.no_coverage, patient=self.case.patient_id)
        facts = self.account._get_priority_facts(self.today)[self.account.id]
        # What was settled today is not known before tomorrow.
        self.assertEqual((facts["settled"], facts["open_overdue"]), (0, 1))
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET max_date = max_date - 1"
            " WHERE debit_move_id IN (SELECT id FROM account_move_line WHERE hc_case_id = %s)",
            [self.case.id],
        )
        facts = self.account._get_priority_facts(self.today)[self.account.id]
        self.assertEqual((facts["settled"], facts["late_percent"]), (1, 100))

    def test_a_factor_that_means_nothing_is_refused(self):
        with self._refused("cannot be used|invalid"):
            self.env["hc.collection.priority.factor"].create(
                {
                    "name": "odd",
                    "fact": "is_disputed",
                    "operator": "at_least",
                    "value": "x",
                    "points": 3,
                    "reason": "Odd.",
                }
            )
