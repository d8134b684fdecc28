# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields

from odoo.addons.hc_revenue_base.tests.ledger_common import LedgerCase


class CollectionsCase(LedgerCase):
    """Patients who owe, and people who follow them up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["res.users"])
        cls.collector = cls._create_user("account.collector", "collector")

    def _account_of(self, case, responsibility="patient"):
        partner = case._get_party(responsibility)
        return self.env["hc.collection.account"].search([("partner_id", "=", partner.id)])

    def _days_ago(self, days):
        return self.today - timedelta(days=days)

    def _age(self, case, days):
        """Let a case's balance have begun some days ago, as if posted then."""
        moves = case.invoice_ids.filtered(lambda move: move.state == "posted")
        moves.flush_recordset()
        day = self._days_ago(days)
        self.env.cr.execute(
            "UPDATE account_move SET date = %s, invoice_date = %s WHERE id = ANY(%s)",
            [day, day, moves.ids],
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET date = %s, date_maturity = %s WHERE move_id = ANY(%s)",
            [day, day, moves.ids],
        )
        self.env.invalidate_all()
        account = self._account_of(case) or self._account_of(case, "payer_1")
        account._refresh()
        return account
