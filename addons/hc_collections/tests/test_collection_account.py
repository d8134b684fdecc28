# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools.sql import column_exists

from ..models import hc_collection_account_opening as opening
from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCollectionAccount(CollectionsCase):
    """An account says what the ledger says, at any day."""

    def _read_aging(self, account, as_of=None):
        items = self.env["hc.aging.item"]
        if as_of:
            items = items.with_context(hc_as_of=as_of.isoformat())
        items.invalidate_model()
        return items.search([("account_id", "=", account.id)])

    def test_posting_opens_the_account_of_a_patient(self):
        case = self._bill_patient("A-1")
        account = self._account_of(case)
        self.assertEqual(account.party, "patient")
        self.assertEqual(account.patient_id, case.patient_id)
        self.assertEqual(account.amount_open, 150.0)
        self.assertEqual(account.oldest_on, self.today)
        child = self._create_patient("20A-1B", guarantor_id=case.patient_id.id)
        self._bill("A-1B", coverage=self.no_coverage, patient=child)
        self.assertEqual(self._account_of(case), account)
        self.assertEqual(account.amount_open, 300.0)

    def test_a_payer_has_an_account_whose_amounts_come_nightly(self):
        case = self._bill("A-2")
        account = self._account_of(case, "payer_1")
        self.assertEqual(account.party, "payer")
        self.assertFalse(account.item_ids)
        account._refresh()
        self.assertEqual(account.amount_open, self._open(case))

    def test_payments_change_the_amounts_at_once(self):
        case = self._bill_patient("A-3")
        account = self._account_of(case)
        self._pay_amount(case, 40.0)
        self.assertEqual(account.amount_open, 110.0)
        self._pay_amount(case, 110.0)
        self.assertEqual(account.amount_open, 0.0)
        self.assertFalse(account.oldest_on)
        self._overpay(case, 25.0)
        self.assertEqual((account.amount_open, account.amount_unapplied), (0.0, 25.0))

    def test_aging_of_a_past_day_knows_no_later_payment(self):
        case = self._bill_patient("A-4")
        account = self._age(case, 45)
        self._pay_amount(case, 60.0)
        self.assertEqual(sum(self._read_aging(account).mapped("amount_open")), 90.0)
        yesterday = self._read_aging(account, self.today - timedelta(days=1))
        self.assertEqual(yesterday.mapped("amount_open"), [150.0])
        self.assertEqual((yesterday.days, yesterday.bucket_id.name), (44, "31-60"))
        self.assertFalse(self._read_aging(account, self._days_ago(46)))

    def test_buckets_begin_and_end_on_their_days(self):
        case = self._bill_patient("A-5")
        for days, name in (
            (0, "0-30"),
            (30, "0-30"),
            (31, "31-60"),
            (180, "121-180"),
            (181, "181+"),
        ):
            account = self._age(case, days)
            with self.subTest(days=days):
                self.assertEqual(self._read_aging(account).bucket_id.name, name)

    def test_a_policy_that_makes_no_buckets_is_refused(self):
        for days in ("60,30", "30,x", " ", "30,30", "-5,30"):
            with self.subTest(days=days), self._refused("does not make buckets"):
                self.env["hc.aging.policy"].create(
                    {
                        "name": "Odd",
                        "party": "patient",
                        "date_from": "2026-02-01",
                        "bucket_last_days": days,
                    }
                )

    def test_the_statement_counts_once_it_has_gone_out(self):
        policy = self.env.ref("hc_collections.hc_aging_policy_patient")
        policy._config_write({"basis": "first_statement"})
        case = self._bill_patient("A-6")
        account = self._age(case, 50)
        self.assertEqual(self._read_aging(account).days, 50)
        case.sudo()._write_guarded({"first_statement_on": self._days_ago(20)})
        self.assertEqual(self._read_aging(account).days, 20)

    def test_nobody_writes_an_account(self):
        account = self._account_of(self._bill_patient("A-7")).with_user(self.collector)
        for vals in ({"amount_open": 1.0}, {"state": "placed"}, {"collector_id": 1}):
            with self.subTest(vals=vals), self._refused("directly|access|state"):
                account.with_context(hc_force=True).write(vals)
        with self.assertRaises(AccessError):
            account.create({"name": "X", "party": "patient", "partner_id": 1})

    def test_accounts_of_other_facilities_are_not_seen(self):
        case = self._bill_patient("A-8")
        account = self._account_of(case)
        stranger = self._create_user("a.stranger", "collector", facilities=self.other_facility)
        found = account.with_user(stranger).search([("id", "=", account.id)])
        self.assertFalse(found)
        self.assertTrue(account.with_user(self.collector).search([("id", "=", account.id)]))

    def test_holds_are_placed_once_and_released_with_a_reason(self):
        case = self._bill_patient("A-9")
        account = self._account_of(case)
        holds = self.env["hc.collection.hold"]
        with self._refused("needs a last day"):
            holds._place(account, "manual", "asked for a bill in print")
        with self._refused("needs the amount"):
            holds._place(account, "dispute", "not my visit")
        hold = holds._place(account, "cease", "asked us to stop")
        self.assertEqual(holds._place(account, "cease", "again"), hold)
        with self._refused("Say why"):
            hold._release(" ")
        hold._release("wrote to us again")
        self.assertEqual((hold.state, hold.released_on), ("released", self.today))
        self.assertNotEqual(holds._place(account, "cease", "once more"), hold)

    def test_a_hold_ends_the_day_after_its_last(self):
        account = self._account_of(self._bill_patient("A-10"))
        vals = {"date_from": self._days_ago(9)}
        last = self.env["hc.collection.hold"]._place(
            account, "promise", "pays today", date_to=self.today, **vals
        )
        over = self.env["hc.collection.hold"]._place(
            account, "manual", "over", date_to=self._days_ago(1), **vals
        )
        domain = [("state", "=", "active"), ("date_to", "<", self.today)]
        self.assertEqual(last.search([*domain, ("account_id", "=", account.id)]), over)
        over._expire()
        self.assertEqual((last.state, over.state), ("active", "expired"))

    def test_the_same_contact_is_recorded_once(self):
        account = self._account_of(self._bill_patient("A-11"))
        vals = {
            "account_id": account.id,
            "key": "level:1:2026-03",
            "channel": "letter",
            "purpose": "reminder",
        }
        first, second = self.env["hc.contact"]._record([vals, vals])
        self.assertEqual(first, second)
        self.assertEqual(self.env["hc.contact"]._record([vals]), first)

    def test_what_was_posted_before_the_module_came_gets_its_account(self):
        case = self._bill_patient("A-12")
        account = self._account_of(case)
        number = account.name
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET hc_collection_account_id = NULL"
            " WHERE hc_collection_account_id = %s",
            [account.id],
        )
        self.env.cr.execute("DELETE FROM hc_collection_account WHERE id = %s", [account.id])
        self.env.invalidate_all()
        self.env["hc.collection.account"]._adopt_ledger()
        adopted = self._account_of(case)
        self.assertNotEqual(adopted.name, number)
        self.assertEqual(adopted.amount_open, 150.0)
        self.env["hc.collection.account"]._adopt_ledger()
        self.assertEqual(self._account_of(case), adopted)

    def _forget_accounts(self, accounts):
        """Undo what the module knows of these, as if it came to a ledger that was there first."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET hc_collection_account_id = NULL"
            " WHERE hc_collection_account_id = ANY(%s)",
            [accounts.ids],
        )
        self.env.cr.execute("DELETE FROM hc_collection_account WHERE id = ANY(%s)", [accounts.ids])
        self.env.invalidate_all()

    def test_a_big_ledger_is_adopted_a_part_at_a_time(self):
        model = self.env["hc.collection.account"]
        model._adopt_ledger()
        self.assertEqual(model._adopt_ledger(), 0, "nothing is left to adopt")
        cases = [self._bill_patient(f"AD-{number}") for number in range(3)]
        self._forget_accounts(model.browse().union(*map(self._account_of, cases)))
        with patch.object(opening, "_OPENED_AT_ONCE", 2):
            self.assertEqual(model._adopt_ledger(limit=2), 1)
            self.assertEqual(sum(1 for case in cases if self._account_of(case)), 2)
            self.assertEqual(model._adopt_ledger(), 0)
        accounts = model.browse().union(*map(self._account_of, cases))
        self.assertEqual(accounts.mapped("amount_open"), [150.0] * 3)
        self.assertEqual(len(set(accounts.mapped("name"))), 3)

    def test_parties_that_are_no_patients_or_payers_are_left_alone(self):
        customer = self.env["res.partner"].create({"name": "Gift Shop"})
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_line_ids": [Command.create({"name": "Rent", "price_unit": 10.0})],
            }
        )
        invoice.action_post()
        keys = self.env["hc.collection.account"]._find_unadopted()
        self.assertNotIn((invoice.company_id.id, customer.id), keys)

    def test_the_column_is_there_before_the_framework_would_compute_it(self):
        items, seen = self.env["account.move.line"], []
        column = (items._table, "hc_collection_account_id")
        self.env.cr.execute("ALTER TABLE account_move_line RENAME hc_collection_account_id TO off")

        def note(model):
            seen.append(column_exists(model.env.cr, *column))

        with patch.object(BaseModel, "_auto_init", note):
            items._auto_init()
        self.assertEqual(seen, [True])
