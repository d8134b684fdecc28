# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class AccountPayment(models.Model):
    """Payments of patients that the suite settles by itself, and what was taken back of them."""

    _inherit = "account.payment"

    hc_account_id = fields.Many2one(
        "hc.collection.account",
        "Collection Account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Set where the suite settles the payment with the open items of the account.",
    )
    hc_reference = fields.Char("Provider Reference", readonly=True, copy=False)
    hc_refund_of_id = fields.Many2one(
        "account.payment",
        "Takes Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    hc_named_item_ids = fields.Many2many(
        "account.move.line",
        "hc_payment_named_item_rel",
        "payment_id",
        "item_id",
        string="Meant For",
        readonly=True,
        copy=False,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "hc_account_id",
            "hc_reference",
            "hc_refund_of_id",
            "hc_named_item_ids",
        }

    def _get_cause(self):
        """What a provider has taken back is a fact to book, not a refund to decide about."""
        return super()._get_cause() or self.sudo().hc_refund_of_id

    def _get_receivable_line(self):
        """The item of the payment on the receivable account."""
        self.ensure_one()
        return self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")[
            :1
        ]

    def _get_first(self):
        """The payment that this one takes back, or of which it brings money back; else itself."""
        payment = self
        while payment.hc_refund_of_id:
            payment = payment.hc_refund_of_id
        return payment

    def _enter_account(self, account, *, reference, named=None, refund_of=None):
        """Let the suite settle the payment with what the account owes.

        :param account: whose payment it is
        :param str reference: what the provider calls it; payments of a day settle in this order
        :param named: open items that the party meant to pay
        :param refund_of: the payment that this one takes back, or the charge-back that it undoes
        """
        self.ensure_one()
        self._write_guarded(
            {
                "hc_account_id": account.id,
                "hc_reference": reference,
                "hc_refund_of_id": refund_of.id if refund_of else False,
                "hc_named_item_ids": [(6, 0, named.ids if named else [])],
            }
        )
        account._settle_payments()
        if refund_of:
            account._ask_promises_again()
