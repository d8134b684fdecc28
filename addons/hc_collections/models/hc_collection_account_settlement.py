# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which open items the payments of an account settle.

The settlement is computed from what is known of all payments of the account, in the order of their
day and reference, and then brought about in the ledger. So it depends on the payments and refunds
that there are, never on the order in which their messages came.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core.allocation import OpenItem, allocate
from .hc_collection_account_plans import get_age

# Ids of accounts whose settlement waits for the rest of their payments, or None. A key of the
# context would be any client's to set.
_waiting: ContextVar[set | None] = ContextVar("hc_waiting_settlements", default=None)


class HcCollectionAccount(models.Model):
    _inherit = "hc.collection.account"

    @api.model
    @contextmanager
    def _settling_together(self):
        """Settle each account once, after the block, however many payments it enters.

        The settlement looks at all payments of an account: settling after each of many would cost
        their square.
        """
        waiting = set()
        token = _waiting.set(waiting)
        try:
            yield
        finally:
            _waiting.reset(token)
        for account in self.browse(sorted(waiting)):
            account._settle_payments()

    def _settle_payments(self):
        """Settle open items with the payments that the suite settles by itself.

        What people reconciled otherwise stays as it is. Of two at once the second waits and, where
        the first changed what it read, is repeated by Odoo.
        """
        self._lock_for_settlement()
        waiting = _waiting.get()
        if waiting is not None:
            waiting.add(self.id)
            return
        payments = self.env["account.payment"].sudo()
        known = payments.search([("hc_account_id", "=", self.id), ("move_id.state", "=", "posted")])
        received = known.filtered(lambda payment: payment.payment_type == "inbound").sorted(
            lambda payment: (payment.date, payment.hc_reference or "", payment.id)
        )
        taken_back = known - received
        lines = {payment: payment._get_receivable_line() for payment in received}
        wanted = self._allocate_payments(lines, taken_back)
        cases = self._free_others(lines, wanted)
        self._settle_refunds(taken_back)
        cases |= self._settle_wanted(lines, wanted)
        cases._follow_settlement()

    def _lock_for_settlement(self):
        """Let nobody else book or settle a payment of the account meanwhile."""
        self.ensure_one()
        self.env.cr.execute(
            SQL("SELECT 1 FROM hc_collection_account WHERE id = %s FOR UPDATE", self.id)
        )

    def _get_settleable_items(self, lines):
        """What the account owes, open or settled by these payments, and how much of it."""
        own = self.env["account.move.line"].sudo().union(*lines.values())
        partials = own.matched_debit_ids.filtered("hc_is_settlement")
        items = partials.debit_move_id | self._search_plan_items(
            [("account_id", "in", own.account_id.ids)]
        )
        room = {item: self._to_decimal(max(0.0, item.amount_residual)) for item in items}
        for partial in partials:
            room[partial.debit_move_id] += self._to_decimal(partial.amount)
        return room

    def _to_decimal(self, amount):
        return to_decimal(amount, self.currency_id.decimal_places)

    def _allocate_payments(self, lines, taken_back):
        """``{payment: {item: amount}}``: what each payment is to settle, by the pure core.

        :param lines: ``{payment: its receivable item}``, in the order in which they settle
        """
        room, wanted = self._get_settleable_items(lines), {}
        by_key = {f"{item.id:012d}": item for item in room}
        refunded = defaultdict(Decimal)
        for refund in taken_back:
            refunded[refund.hc_refund_of_id] += self._to_decimal(refund.amount)
        for payment, line in lines.items():
            wanted[payment] = {}
            left = self._to_decimal(payment.amount) - refunded[payment]
            left -= self._get_settled_by_hand(line)
            if left <= 0:
                continue
            items = [
                OpenItem(key, get_age(item)[0], room[item])
                for key, item in by_key.items()
                if room[item] > 0 and item.account_id == line.account_id
            ]
            named = payment.hc_named_item_ids.sorted(get_age)
            parts = allocate(left, items, [f"{item.id:012d}" for item in named]).parts
            for key, amount in parts:
                wanted[payment][by_key[key]] = amount
                room[by_key[key]] -= amount
        return wanted

    def _get_settled_by_hand(self, line):
        """How much of a payment people assigned, which stays as it is; refunds do not count."""
        partials = line.matched_debit_ids.filtered(
            lambda partial: (
                not partial.hc_is_settlement and not partial.debit_move_id.move_id.origin_payment_id
            )
        )
        return sum(map(self._to_decimal, partials.mapped("amount")), Decimal(0))

    def _free_others(self, lines, wanted):
        """Undo what the settlement made otherwise than it is to be; return the cases concerned."""
        wrong = self.env["account.partial.reconcile"].sudo()
        for payment, line in lines.items():
            own = line.matched_debit_ids.filtered("hc_is_settlement")
            for item, partials in own.grouped("debit_move_id").items():
                amount = sum(map(self._to_decimal, partials.mapped("amount")))
                if wanted[payment].get(item) != amount:
                    wrong |= partials
        cases = wrong.debit_move_id.hc_case_id
        wrong.unlink()
        return cases

    def _settle_refunds(self, taken_back):
        for refund in taken_back.sorted("id"):
            line = refund._get_receivable_line()
            source = refund.hc_refund_of_id._get_receivable_line()
            if line.reconciled:
                continue
            if source.reconciled:
                self._open_refund_item(refund)
            else:
                (line | source).reconcile()

    def _open_refund_item(self, refund):
        """What a person assigned stays; a refund of it is a person's to assign as well."""
        self._open_payment_item(
            "payment_unmatched",
            f"refund_unsettled:{refund.id}",
            self.env._("refund %s settles nothing", refund.display_name),
            self.env._(
                "Its payment %s was assigned by hand. Undo that in Accounting, or settle the "
                "refund there.",
                refund.hc_refund_of_id.display_name,
            ),
        )

    def _settle_wanted(self, lines, wanted):
        """Settle what is not settled yet, all at once; return the cases concerned."""
        pairs = []
        for payment, line in lines.items():
            done = line.matched_debit_ids.filtered("hc_is_settlement").debit_move_id
            pairs += [(line, item) for item in wanted[payment] if item not in done]
        items = self.env["account.move.line"].sudo()
        if not pairs:
            return items.hc_case_id
        own = items.union(*(line for line, _item in pairs))
        before = own.matched_debit_ids
        # One pair after the other, each with what those before it have left.
        items._reconcile_plan([line | item for line, item in pairs])
        (own.matched_debit_ids - before)._mark_settlement()
        return items.union(*(item for _line, item in pairs)).hc_case_id


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    def _follow_settlement(self):
        """Close cases of which nothing is open, take up again those whose payment was lost."""
        for case in self.filtered(lambda case: case.stage == "closed" and not case._is_settled()):
            case._transition("reopened", reason=self.env._("a payment was taken back"))
            case._transition("invoiced", reason=self.env._("the invoice is open again"))
        self._close_if_settled()
