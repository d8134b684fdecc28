# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCaseworkFigures(CollectionsCase):
    """What advisers, other systems and dashboards learn of accounts and disputes."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("Q-1")
        self.account = self._account_of(self.case)
        self.dispute = self.env["hc.billing.dispute"]._open(
            self.account,
            {self.case: 60.0},
            kind="price",
            description="Mr. Example says it is too much.",
            channel="letter",
            received_on=self.today,
            due_on=self.today,
            owner_id=self.collector.id,
        )

    def test_advisers_know_figures_and_no_person(self):
        for record in (self.account, self.dispute):
            facts = record.with_user(self.collector)._get_review_facts()
            self.assertNotIn("Example", str(facts))
        facts = self.account._get_review_facts()
        self.assertEqual((facts["situation"], facts["holds"]), ("dispute", ["dispute"]))

    def test_an_accepted_collector_is_assigned_by_a_supervisor(self):
        supervisor = self._create_user("figures.supervisor", "supervisor")
        account = self.account.with_user(supervisor)
        account._review_apply({"collector_id": self.collector.id}, account._get_review_token())
        self.assertEqual(self.account.collector_id, self.collector)
        account = self.account.with_user(self.collector)
        with self._refused("decided by others"):
            account._review_apply({"collector_id": self.collector.id}, account._get_review_token())

    def test_other_systems_read_the_summary(self):
        operations = self.env["hc.operation"].with_user(self.collector)
        answer = operations._operation_fetch_account({"account_number": self.account.name})
        self.assertEqual((answer["amount_open"], answer["amount_disputed"]), ("150.00", "60.00"))
        self.assertEqual(answer["items"][0]["case_number"], self.case.name)
        self.assertEqual(answer["holds"][0]["kind"], "dispute")

    def test_answered_disputes_are_counted(self):
        provider = self.env["hc.kpi.provider"]
        self.assertEqual(provider._compute_kpi("dispute_upheld_rate", self.today).figure.count, 0)
        self.dispute._decide(
            {self.dispute.line_ids: 0}, reason="It is the agreed price.", idempotency_key="k"
        )
        figure = provider._compute_kpi("dispute_upheld_rate", self.today).figure
        self.assertEqual((figure.count, figure.value), (1, 0))
        figure = provider._compute_kpi("dispute_turnaround_days", self.today).figure
        self.assertEqual(figure.count, 1)
