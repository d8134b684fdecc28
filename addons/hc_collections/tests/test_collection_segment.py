# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCollectionSegment(CollectionsCase):
    """An account stands in the first segment whose conditions hold."""

    def _segment(self, code):
        return self.env.ref(f"hc_collections.hc_collection_segment_{code}")

    def _sorted(self, account):
        account._refresh()
        account._assign_segments()
        return account.segment_id

    def test_the_first_segment_that_fits_is_taken(self):
        account = self._age(self._bill_patient("SG-1"), 40)
        self.assertEqual(self._sorted(account), self._segment("new"))
        account = self._age(self._bill_patient("SG-2"), 130)
        self.assertEqual(self._sorted(account), self._segment("old"))
        self.env["hc.collection.hold"]._place(account, "bankruptcy", "notice of the court")
        self.assertEqual(self._sorted(account), self._segment("bankruptcy"))

    def test_payers_and_disputes_have_their_own(self):
        payer = self._account_of(self._bill("SG-3"), "payer_1")
        self.assertEqual(self._sorted(payer), self._segment("payers"))
        case = self._bill_patient("SG-4")
        account = self._account_of(case)
        self.env["hc.billing.dispute"]._open(
            account,
            {case: 60.0},
            kind="price",
            description="too much",
            channel="letter",
            received_on=self.today,
            due_on=self.today,
            owner_id=self.collector.id,
        )
        self.assertEqual(self._sorted(account), self._segment("disputed"))

    def test_who_owes_nothing_leaves_the_segment(self):
        case = self._bill_patient("SG-5")
        account = self._account_of(case)
        self.assertTrue(self._sorted(account))
        self._pay_amount(case, 150.0)
        self.assertFalse(self._sorted(account))

    def test_a_segment_of_another_company_is_not_taken(self):
        other = self.env["res.company"].create({"name": "Other Clinic"})
        self.env["hc.collection.segment"].create(
            {
                "name": "Theirs",
                "code": "theirs",
                "sequence": 1,
                "conditions": "open_amount greater_than 0",
                "company_id": other.id,
            }
        )
        account = self._account_of(self._bill_patient("SG-6"))
        self.assertEqual(self._sorted(account), self._segment("new"))

    def test_sorting_many_takes_as_many_queries_as_sorting_few(self):
        accounts = self.env["hc.collection.account"].browse()
        for number in range(8):
            accounts |= self._account_of(self._bill_patient(f"SG-M{number}"))
        self.env.flush_all()

        def count(records):
            records.invalidate_recordset()
            before = self.env.cr.sql_log_count
            records._assign_segments()
            return self.env.cr.sql_log_count - before

        count(accounts)
        few, many = count(accounts[:2]), count(accounts)
        self.assertLessEqual(many, few)

    def test_conditions_that_mean_nothing_are_refused(self):
        for conditions in (
            "",
            "open_balance at_least 5",
            "open_amount bigger 5",
            "open_amount at_least many",
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["hc.collection.segment"].create(
                    {"name": "Bad", "code": "bad", "conditions": conditions or "\n"}
                )

    def test_a_segment_changes_by_proposal_and_an_account_by_the_run_alone(self):
        administrator = self._create_user("segment.administrator", "administrator")
        with self.assertRaisesRegex(AccessError, "Propose a Change"):
            self._segment("old").with_user(administrator).write({"sequence": 1})
        account = self._account_of(self._bill_patient("SG-7"))
        with self.assertRaises(AccessError):
            account.with_user(self.collector).write({"segment_id": self._segment("old").id})

    def test_an_automation_can_be_limited_to_a_segment(self):
        automation = self.env["hc.automation"].search([("code", "=", "score_collection_priority")])
        account = self._age(self._bill_patient("SG-8"), 130)
        self._sorted(account)
        automation._config_write({"segment_domain": "[('segment_id.code', '=', 'old')]"})
        domain = automation._get_domain_for("hc.collection.account")
        found = self.env["hc.collection.account"].search(domain)
        self.assertIn(account, found)
        self.assertEqual(set(found.segment_id.mapped("code")), {"old"})

    def test_the_form_says_what_conditions_may_name(self):
        segment = self._segment("high_balance")
        self.assertIn("Open amount at least 2000", segment.conditions_text)
        self.assertIn("days_open", segment.facts_help)
        notice = segment.with_user(self.collector).action_sort_accounts()
        self.assertEqual(notice["tag"], "display_notification")
