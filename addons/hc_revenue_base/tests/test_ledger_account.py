# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..hc_core.ledger_acts import ADJUSTMENTS, LEDGER_ACCOUNTS
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerAccount(LedgerCase):
    def _uses(self, company=None):
        company = company or self.company
        return self.env["hc.ledger.account"].search([("company_id", "=", company.id)])

    def test_every_adjustment_has_an_account_of_its_own(self):
        uses = self._uses()
        self.assertEqual(set(uses.mapped("kind")), {use.kind for use in LEDGER_ACCOUNTS})
        self.assertLessEqual({act.kind for act in ADJUSTMENTS}, set(uses.mapped("kind")))
        self.assertEqual(len(uses.account_id), len(uses))
        self.assertEqual(uses.journal_id.mapped("type"), ["general"])
        by_kind = {use.kind: use.account_id.account_type for use in uses}
        self.assertEqual((by_kind["bad_debt"], by_kind["charity_care"]), ("expense", "income"))

    def test_a_company_gets_them_with_its_chart_of_accounts_and_once(self):
        company = self.env["res.company"].create({"name": "Lakeside Group"})
        self.assertFalse(self._uses(company))
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        uses = self._uses(company)
        self.assertEqual(len(uses), len(LEDGER_ACCOUNTS))
        self.assertEqual(uses.account_id.company_ids, company)
        self.assertFalse(self.env["hc.ledger.account"]._create_missing(company))
        self.env["account.chart.template"]._load("generic_coa", company, install_demo=False)
        self.assertEqual(len(self._uses(company)), len(LEDGER_ACCOUNTS))

    def test_who_may_create_what_is_missing(self):
        uses = self._uses()
        gone = uses.filtered(lambda use: use.kind == "bad_debt")
        self.env.cr.execute("DELETE FROM hc_ledger_account WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        ledger_accounts = self.env["hc.ledger.account"]
        with self.assertRaises(AccessError):
            ledger_accounts.with_user(self.manager).action_create_missing()
        ledger_accounts.with_user(self.finance).action_create_missing()
        self.assertEqual(len(self._uses()), len(LEDGER_ACCOUNTS))

    def test_another_account_takes_effect_when_a_second_person_agrees(self):
        use = self._uses()[0]
        other = use.account_id.copy({"code": "409999", "company_ids": self.company.ids})
        with self.assertRaises(AccessError):
            use.sudo().account_id = other
        administrator = self._create_user("ledger.administrator", "administrator")
        change = (
            self.env["hc.config.change"]
            .with_user(administrator)
            ._propose(use.with_user(administrator), {"account_id": other.id})
        )
        self._agree(change)
        self.assertEqual(use.account_id, other)

    def test_only_accounts_of_the_result_and_miscellaneous_journals_fit(self):
        use = self._uses()[0]
        receivable = self.env["account.account"].search(
            [("account_type", "=", "asset_receivable")], limit=1
        )
        sale = self.env["account.journal"].search([("type", "=", "sale")], limit=1)
        for values, message in (
            ({"account_id": receivable.id}, "cannot be used for"),
            ({"journal_id": sale.id}, "no miscellaneous journal"),
        ):
            with self._refused(message, ValidationError):
                use._config_write(values)

    def test_nobody_adds_or_deletes_one(self):
        for user in (self.finance, self._create_user("ledger.admin", "administrator")):
            with self.assertRaises(AccessError):
                self.env["hc.ledger.account"].with_user(user).create({})
            with self.assertRaises(AccessError):
                self._uses().with_user(user).unlink()
        with self.assertRaises(AccessError):
            self._uses().sudo().unlink()
