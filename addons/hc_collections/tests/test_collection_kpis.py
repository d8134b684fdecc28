# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCollectionKpis(CollectionsCase):
    """The figures of patient balances are those that a pencil finds."""

    def setUp(self):
        super().setUp()
        self.provider = self.env["hc.kpi.provider"]

    def _figure(self, code, as_of=None):
        return self.provider._compute_kpi(code, as_of or self.today).figure

    def _add(self, code, change):
        """The sums that a change adds to an indicator."""
        before = self._figure(code)
        change()
        after = self._figure(code)
        return (
            after.numerator - before.numerator,
            (after.denominator or 0) - (before.denominator or 0),
            after.count - before.count,
        )

    def test_days_and_shares_of_open_balances(self):
        def bill():
            self._age(self._bill_patient("KP-1"), 100)
            self._age(self._bill_patient("KP-2"), 10)

        before = self._figure("patient_ar_over_120_share")
        self.assertEqual(self._add("patient_ar_over_90_share", bill), (150, 300, 2))
        after = self._figure("patient_ar_over_120_share")
        self.assertEqual(after.numerator, before.numerator)
        self.assertEqual(after.denominator - before.denominator, 300)

    def test_days_divide_by_what_became_the_patients(self):
        before = self._figure("patient_ar_days")
        self._age(self._bill_patient("KP-3"), 10)
        self._age(self._bill_patient("KP-4"), 100)
        after = self._figure("patient_ar_days")
        self.assertEqual(after.numerator - before.numerator, 300)
        daily = float(after.denominator) - float(before.denominator or 0)
        self.assertAlmostEqual(daily, 150 / 90, 3)

    def test_only_money_counts_as_collected(self):
        paid, forgiven = self._bill_patient("KP-5"), self._bill_patient("KP-6")
        for case in (paid, forgiven):
            self._age(case, 120)

        def settle():
            self._pay_amount(paid, 100.0)
            action = self._adjust(forgiven, "charity_care", 50.0, "patient")
            if action.state == "pending":
                action._settle(GateDecision("allow"))
            self.assertEqual(self._account_of(forgiven).amount_open, 100.0)

        numerator, denominator, _count = self._add("patient_collection_rate", settle)
        self.assertEqual((numerator, denominator), (100, 0))

    def _pay_after_statement(self, case):
        account = self._account_of(case)
        today = self.today
        self.env["hc.statement"]._create_guarded(
            [
                {
                    "name": f"ST/{case.name}",
                    "account_id": account.id,
                    "key": case.name,
                    "statement_date": self._days_ago(9),
                    "due_date": today,
                    "sent_on": self._days_ago(9),
                    "language": "en_US",
                    "channel": "letter",
                    "policy_id": self.env.ref("hc_collections.hc_statement_policy_default").id,
                }
            ]
        )
        self._pay_amount(case, 60.0)

    def test_days_from_statement_to_payment(self):
        case = self._bill_patient("KP-7")
        added = self._add("statement_to_payment_days", lambda: self._pay_after_statement(case))
        self.assertEqual(added, (9, 1, 1))

    def test_a_payment_at_the_desk_is_no_self_service(self):
        case = self._bill_patient("KP-8")
        added = self._add("self_service_share", lambda: self._pay_amount(case, 60.0))
        self.assertEqual(added, (0, 60, 1))

    def _place(self, account):
        agency = self.env["hc.collection.agency"].create(
            {"name": "Figures Agency", "code": "KPIS", "commission_percent": 20.0}
        )
        placement = self.env["hc.placement"]._create_guarded(
            [{"name": f"PL-{account.name}", "account_id": account.id, "agency_id": agency.id}]
        )
        placement._write_guarded({"amount_placed": 150.0, "placed_on": self._days_ago(5)})
        return placement

    def test_agencies_are_measured_by_what_came_in(self):
        case = self._bill_patient("KP-9")
        costs = self._figure("patient_cost_to_collect")

        def recover():
            placement = self._place(self._account_of(case))
            bank = self.env["account.journal"].search(
                [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
            )
            self.env["hc.payment.source"].create(
                {"name": "Agency", "code": "kpis", "journal_id": bank.id}
            )
            report, _is_new = self.env["hc.payment.report"]._take(
                *("kpis", "confirmed", "K-1", 60.0, self.company.currency_id.name, self.today),
                account_number=placement.account_id.name,
            )
            self.env["hc.placement.payment"]._enter(
                placement.agency_id, placement, report, self.env["hc.exchange"]
            )

        self.assertEqual(self._add("agency_recovery_rate", recover), (60, 150, 1))
        after = self._figure("patient_cost_to_collect")
        self.assertEqual(after.numerator - costs.numerator, 12)
        self.assertEqual(after.denominator - (costs.denominator or 0), 60)

    def _contact(self, account, key, outcome=None):
        contact = self.env["hc.contact"]._record(
            [{"account_id": account.id, "key": key, "channel": "letter", "purpose": "reminder"}]
        )
        if outcome:
            now = self.env.cr.now().replace(microsecond=0)
            self.env["hc.guardrail.check"]._insert(
                [
                    (
                        *(account.id, account.company_id.id, contact.id, "letter", now),
                        *(outcome, "RULE", None, None, None, None, False, self.env.uid, now),
                    )
                ]
            )
        contact._transition("sent")
        return contact

    def test_letters_cost_what_the_table_says(self):
        account = self._account_of(self._bill_patient("KP-11"))
        self.env.ref("hc_collections.hc_contact_cost_letter").amount = 0.95
        numerator = self._add(
            "patient_cost_to_collect", lambda: self._contact(account, "kpi:cost", "allowed")
        )[0]
        self.assertAlmostEqual(float(numerator), 0.95)
        self.env["hc.contact.cost"].create(
            {"channel": "letter", "amount": 2.0, "company_id": self.company.id}
        )
        numerator = self._add(
            "patient_cost_to_collect", lambda: self._contact(account, "kpi:own", "allowed")
        )[0]
        self.assertAlmostEqual(float(numerator), 2.0)

    def test_a_contact_that_was_blocked_and_made_counts_against(self):
        account = self._account_of(self._bill_patient("KP-10"))

        def send():
            self._contact(account, "kpi:1", "allowed")
            self._contact(account, "kpi:2", "blocked")
            self._contact(account, "kpi:3")

        blocked = self._figure("contacts_blocked")
        self.assertEqual(self._add("contact_compliance", send), (1, 2, 2))
        self.assertEqual(self._figure("contacts_blocked").numerator - blocked.numerator, 1)

    def test_every_figure_opens_its_records_and_has_a_page(self):
        registry = self.provider._get_registry()
        codes = [code for code, one in registry.items() if one.topic == "collections"]
        self.assertGreaterEqual(len(codes), 12)
        for code in codes:
            with self.subTest(code):
                figure = self._figure(code)
                self.assertGreaterEqual(figure.count, 0)
                self.assertIn("kpi_figure", self.env[registry[code].model]._fields)
        action = self.env.ref("hc_collections.hc_collection_kpi_action")
        self.assertIn("collections", action.context)
