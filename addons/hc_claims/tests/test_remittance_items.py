# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.fields import Command
from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp

_ANSWERED = {"adjustments": [("CO", "45", 50), ("PR", "2", 20)]}


@tagged("post_install", "-at_install")
class TestRemittanceItems(RemittanceCase):
    """Items that come complete say what Odoo would have derived of them."""

    def _get_derived_names(self):
        """Stored fields that Odoo derives of an item and that nobody gave a value of their own."""
        given = {"account_id", "analytic_distribution", "balance", "name", "partner_id"}
        given |= {"hc_case_id", "hc_responsibility"}
        fields = self.env["account.move.line"]._fields
        return [
            name
            for name, field in fields.items()
            if field.store and field.compute and name not in given
        ]

    def _read(self, lines, names):
        return lines.sorted("id").read(["id", *names], load=None)

    def test_every_value_is_what_odoo_derives(self):
        claim = self._make_claim("RI-1")
        remittance = self._post([clp(claim.name, 150, 80, **_ANSWERED)], 80)
        lines = remittance.move_ids.line_ids
        self.assertIn(False, lines.mapped("reconciled"))
        self.assertIn(True, lines.mapped("reconciled"))
        names = self._get_derived_names()
        self.assertIn("price_subtotal", names)
        self.env.flush_all()
        self.env.invalidate_all()
        stored = self._read(lines, names)
        for name in names:
            self.env.add_to_compute(lines._fields[name], lines)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._read(lines, names), stored)

    def test_an_entry_by_hand_is_left_to_odoo(self):
        account = self.env["hc.ledger.account"]._get_for(self.company, "contractual_allowance")
        values = {"account_id": account.account_id.id, "amount_residual": 7.0, "price_total": 7.0}
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": account.journal_id.id,
                "line_ids": [
                    Command.create({**values, "name": "A", "balance": 5.0}),
                    Command.create({**values, "name": "B", "balance": -5.0}),
                ],
            }
        )
        self.env.flush_all()
        self.assertEqual(move.line_ids.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(move.line_ids.mapped("price_total"), [5.0, -5.0])
