# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# How long a payment that was begun and not finished keeps others from being begun.
BEGUN_MINUTES = 10


class HcCollectionAccount(models.Model):
    """Of payments that are begun at once, in two windows, together no more than is owed goes on."""

    _inherit = "hc.collection.account"

    payment_begun_at = fields.Datetime("Payment Begun", readonly=True, copy=False)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"payment_begun_at"}

    def _get_begun_payments(self):
        """Payments that were begun online a short time ago and are neither paid nor given up."""
        since = self.env.cr.now() - timedelta(minutes=BEGUN_MINUTES)
        begun = [
            ("state", "=", "draft"),
            ("operation", "in", ("online_direct", "online_redirect", "online_token")),
            ("create_date", ">=", since),
        ]
        return self._search_payments(Domain(begun))

    def _get_forgotten_payments(self):
        """Payments that can still be finished at the provider, though nobody waits for them.

        One that was disabled since is not asked any more, and keeps nobody from paying otherwise.
        """
        since = self.env.cr.now() - timedelta(minutes=BEGUN_MINUTES)
        is_forgotten = Domain("state", "=", "error") | (
            Domain("state", "=", "draft") & Domain("create_date", "<", since)
        )
        can_be_finished = Domain("hc_begun_reference", "!=", False) & Domain(
            "provider_id.state", "!=", "disabled"
        )
        return self._search_payments(can_be_finished & is_forgotten)

    def _close_forgotten_payments(self, amount, payable, instalment_id=False):
        """Before a payment is begun, close the earlier ones that could pay the same once more.

        They are asked for at the provider, which alone knows: a page that was left open can be
        finished there at any time. The arguments are those of :meth:`_begin_payment`.

        :return: those that were paid meanwhile, or whose end is not known: nothing may be begun
            beside them
        """
        self.ensure_one()
        account = self.sudo()
        forgotten = account._get_forgotten_payments()
        begun = account._get_begun_payments() | forgotten
        crowding = account._find_crowding(begun, amount, payable, instalment_id) & forgotten
        for payment in crowding:
            payment._close_at_provider()
        return crowding.filtered("hc_begun_reference")

    def _find_crowding(self, payments, amount, payable, instalment_id):
        """Of begun payments those that would, with one more, pay more than is owed; or none."""
        own = payments.filtered(lambda each: each.hc_instalment_id.id == instalment_id)
        rooms = [(payments, self._get_payable_amount())]
        if instalment_id:
            rooms.append((own, payable))
        for others, room in rooms:
            together = sum(others.mapped("amount")) + amount
            if others and self.currency_id.compare_amounts(together, room) > 0:
                return others
        return payments.browse()

    def _describe_begun(self, payments):
        """Tell the payer which payments stand in the way."""
        words = self._get_words()
        if "done" in payments.mapped("state"):
            return words["portal_pay_booking"]
        return words["portal_pay_begun"].format(
            amount=self.currency_id.format(sum(payments.mapped("amount"))), minutes=BEGUN_MINUTES
        )

    def _begin_payment(self, amount, payable, instalment_id=False):
        """Let a payment be begun, unless those begun before could pay the same.

        The account itself is written: of two at one moment the later one is tried again, and sees
        the earlier one. What the provider then takes cannot be refused any more, so it is here
        that one of two windows is stopped.

        :param float amount: that is about to be paid
        :param float payable: the most that may be paid of what was chosen
        :param int instalment_id: of a plan, where it is paid by its link
        :raise UserError: another payment of it was begun, and may be finished any moment
        """
        self.ensure_one()
        account = self.sudo()
        account._write_guarded({"payment_begun_at": self.env.cr.now().replace(microsecond=0)})
        account.flush_recordset(["payment_begun_at"])
        begun = account._get_begun_payments()
        crowding = account._find_crowding(begun, amount, payable, instalment_id)
        if crowding:
            raise UserError(account._describe_begun(crowding))
