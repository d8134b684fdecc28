# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .cadence_common import CadenceCase
from .test_migration import load_script


@tagged("post_install", "-at_install")
class TestMigrationHistory(CadenceCase):
    """Accounts in follow-up go on where they were: reminders of before told of their debts."""

    def _remind(self, account, place, days, state="sent"):
        """A reminder as the version before has left it: no row says which debts it told of."""
        level = self.policy.level_ids[place]
        contact = self._record_past_contact_of(account, level, days)
        contact._transition("sent")
        if state == "failed":
            contact._transition("failed")
        account._write_guarded(
            {"cadence_level_id": level.id, "last_level_on": self._days_ago(days)}
        )
        return contact

    def _record_past_contact_of(self, account, level, days):
        return self.contacts._record(
            [
                {
                    "account_id": account.id,
                    "key": f"cadence:{level.policy_id.id}:{level.code}:1",
                    "channel": "letter",
                    "purpose": level.purpose,
                    "level_id": level.id,
                    "happened_at": f"{self._days_ago(days)} 18:00:00",
                }
            ]
        )

    def _migrate(self):
        self.env.flush_all()
        for _again in range(2):
            load_script("post-told_history").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def _told(self, account):
        """``[(amount of the debt, level)]``, as they were entered."""
        told = self.env["hc.cadence.told"].search([("account_id", "=", account.id)], order="id")
        return [(row.item_id.balance, row.level_id.code) for row in told]

    def _next(self, account):
        row = self._propose(account).proposal_ids
        return row.reason, row.level_id.code

    def test_the_next_level_is_the_one_after_the_last(self):
        account = self._guarantor("H1", 200.0, days=62)
        self._remind(account, 0, 57)
        self._remind(account, 1, 32)
        self._migrate()
        self.assertEqual(self._told(account), [(200.0, "statement_1"), (200.0, "statement_2")])
        self.assertEqual(self._next(account), ("due", "statement_3"))
        told = self.env["hc.cadence.told"].search([("account_id", "=", account.id)])
        self.assertEqual(set(told.mapped("told_on")), {self._days_ago(57), self._days_ago(32)})

    def test_without_the_history_it_would_begin_again(self):
        account = self._guarantor("H2", 200.0, days=62)
        self._remind(account, 0, 57)
        self._remind(account, 1, 32)
        self.assertEqual(self._next(account), ("due", "statement_1"))

    def test_a_debt_that_arose_later_has_heard_of_less(self):
        patient = self._create_patient("H3", email="reader@example.com")
        account = self._owe([(patient, [(200.0, 100), (70.0, 40)])])
        for place, days in ((0, 95), (1, 70), (2, 39)):
            self._remind(account, place, days)
        self._migrate()
        self.assertEqual(
            self._told(account),
            [
                (200.0, "statement_1"),
                (200.0, "statement_2"),
                (200.0, "statement_3"),
                (70.0, "statement_1"),
            ],
        )

    def test_one_that_came_back_has_told_of_nothing_and_later_ones_keep_their_level(self):
        account = self._guarantor("H4", 200.0, days=100)
        self._remind(account, 0, 95)
        self._remind(account, 1, 70, state="failed")
        self._remind(account, 2, 40)
        self._migrate()
        self.assertEqual(self._told(account), [(200.0, "statement_1"), (200.0, "statement_3")])
        self.assertEqual(self._next(account), ("due", "final"))

    def test_what_was_paid_before_a_reminder_is_not_among_what_it_told_of(self):
        patient = self._create_patient("H5", email="reader@example.com")
        account = self._owe([(patient, [(200.0, 100), (70.0, 100)])])
        paid = account.item_ids.filtered(lambda item: item.balance == 70.0)
        self._settle_on(paid, 60)
        self._remind(account, 0, 95)
        self._remind(account, 1, 40)
        self._migrate()
        self.assertEqual(
            sorted(self._told(account)),
            [(70.0, "statement_1"), (200.0, "statement_1"), (200.0, "statement_2")],
        )

    def _settle_on(self, item, days):
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": self._days_ago(days),
                "line_ids": [
                    (0, 0, {"account_id": item.account_id.id, "partner_id": item.partner_id.id,
                            "balance": -item.balance}),
                    (0, 0, {"account_id": self._find_account("income").id,
                            "balance": item.balance}),
                ],
            }
        )  # fmt: skip
        move._post()
        credit = move.line_ids.filtered(lambda line: line.account_id == item.account_id)
        (item | credit).reconcile()

    def test_it_goes_by_slices_and_leaves_what_is_entered(self):
        accounts = self.env["hc.collection.account"]
        for number in range(3):
            accounts |= self._guarantor(f"H6{number}", 100.0, days=40)
            self._remind(accounts[-1], 0, 35)
        self.env.flush_all()
        script = load_script("post-told_history")
        for _again in range(2):
            script._enter_history(self.env, self.company, 1)
        self.env.invalidate_all()
        self.assertEqual([self._told(each) for each in accounts], [[(100.0, "statement_1")]] * 3)
        # A reminder of the new version that left a debt out is no gap to fill.
        told = self.env["hc.cadence.told"].search([("account_id", "=", accounts[0].id)])
        self._owe([(accounts[0].patient_id, [(30.0, 38)])])
        script._enter_history(self.env, self.company, 10)
        again = self.env["hc.cadence.told"].search([("account_id", "=", accounts[0].id)])
        self.assertEqual(again, told)
