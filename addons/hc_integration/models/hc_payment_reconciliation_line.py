# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_webhook_core import payment_matching as matching

KINDS = [
    ("payment", "Payment"),
    ("refund", "Refund"),
    ("withdrawal", "Taken Back by the Bank"),
    ("return", "Returned by the Bank"),
]
RESULTS = [
    ("matched", "Matched"),
    ("theirs_only", "Not Booked Here"),
    ("ours_only", "Unknown There"),
    ("amount", "Amount Differs"),
    ("currency", "Currency Differs"),
    ("status", "Status Differs"),
    ("pending", "Not Settled Yet"),
]
STATUSES = [
    ("settled", "Settled"),
    ("authorized", "Held"),
    ("pending", "Pending"),
    ("failed", "Failed"),
]


class HcPaymentReconciliationLine(models.Model):
    """One movement of a day, as the provider tells it and as it is booked here."""

    _name = "hc.payment.reconciliation.line"
    _description = "Payment Movement Compared"
    _inherit = ["hc.guarded.mixin"]
    _order = "day desc, id"
    _rec_name = "object_key"
    _guarded_fields = frozenset(
        {
            *("reconciliation_id", "kind", "object_key", "reference", "occurred_at", "result"),
            *("theirs_amount", "theirs_currency_id", "theirs_status", "ours_amount"),
            *("ours_currency_id", "ours_status", "transaction_id"),
        }
    )

    reconciliation_id = fields.Many2one(
        "hc.payment.reconciliation", required=True, readonly=True, index=True, ondelete="cascade"
    )
    provider_id = fields.Many2one(related="reconciliation_id.provider_id", store=True)
    company_id = fields.Many2one(related="reconciliation_id.company_id", store=True, index=True)
    day = fields.Date(related="reconciliation_id.day", store=True)
    state = fields.Selection(related="reconciliation_id.state", string="State of the Day")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    object_key = fields.Char(
        "Provider's Number",
        required=True,
        readonly=True,
        index=True,
        help="What the provider calls the movement.",
    )
    reference = fields.Char("Payment", readonly=True, help="What the provider calls the payment.")
    occurred_at = fields.Datetime("Provider's Time", readonly=True)
    result = fields.Selection(RESULTS, readonly=True, index=True)
    theirs_amount = fields.Monetary(
        "Amount There", readonly=True, currency_field="theirs_currency_id"
    )
    theirs_signed = fields.Monetary(
        "Moved There",
        compute="_compute_signed",
        store=True,
        currency_field="theirs_currency_id",
        help="Below zero: what went out.",
    )
    theirs_currency_id = fields.Many2one("res.currency", "Currency There", readonly=True)
    theirs_status = fields.Selection(STATUSES, "Status There", readonly=True)
    ours_amount = fields.Monetary("Amount Here", readonly=True, currency_field="ours_currency_id")
    ours_signed = fields.Monetary(
        "Moved Here", compute="_compute_signed", store=True, currency_field="ours_currency_id"
    )
    ours_currency_id = fields.Many2one("res.currency", "Currency Here", readonly=True)
    ours_status = fields.Selection(STATUSES, "Status Here", readonly=True)
    transaction_id = fields.Many2one(
        "payment.transaction",
        "Payment Through Odoo",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )

    _movement_once = models.UniqueIndex(
        "(reconciliation_id, kind, object_key)", "This movement is listed already."
    )

    @api.depends("theirs_amount", "ours_amount", "kind")
    def _compute_signed(self):
        for line in self:
            sign = matching.SIGNS.get(line.kind, 1)
            line.theirs_signed = sign * line.theirs_amount
            line.ours_signed = sign * line.ours_amount

    def _get_theirs(self):
        """What the provider tells; None where it tells nothing."""
        self.ensure_one()
        if not self.theirs_status:
            return None
        currency = self.theirs_currency_id
        places = currency.decimal_places
        return matching.Movement(
            self.kind,
            self.object_key,
            self.reference or "",
            matching.Decimal(f"{self.theirs_amount:.{places}f}"),
            currency.name,
            self.theirs_status,
        )

    @api.model
    def _prepare_side(self, movement, side):
        """Values of one side of a line.

        :param movement: :class:`~..hc_webhook_core.payment_matching.Movement`
        :param str side: ``theirs`` or ``ours``
        """
        currency = self.env["res.currency"].with_context(active_test=False)
        found = currency.search([("name", "=", movement.currency)], limit=1)
        return {
            f"{side}_amount": float(movement.amount),
            f"{side}_currency_id": found.id,
            f"{side}_status": movement.status,
        }

    def _get_item_key(self):
        """Key of the work item of a difference: the same for every run that finds it."""
        self.ensure_one()
        return f"payment_difference:{self.provider_id.id}:{self.kind}:{self.object_key}"

    def _prepare_item(self):
        """Values of the work item of a difference."""
        self.ensure_one()
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "result")
        }
        return {
            "kind": "payment_difference",
            "queue_code": "billing",
            "dedup_key": self._get_item_key(),
            "name": self.env._(
                "%(kind)s %(number)s: %(result)s",
                kind=labels["kind"][self.kind],
                number=self.object_key,
                result=labels["result"][self.result],
            ),
            "description": self._describe(),
            "company_id": self.company_id.id,
            "res_model": "hc.payment.reconciliation",
            "res_id": self.reconciliation_id.id,
        }

    def _describe(self):
        statuses = dict(self._fields["theirs_status"]._description_selection(self.env))

        def side(amount, currency, status):
            if not status:
                return self.env._("nothing")
            return f"{currency.format(amount)} {currency.name}, {statuses[status]}"

        return self.env._(
            "On %(day)s %(provider)s tells of payment %(payment)s: %(theirs)s. Booked here: "
            "%(ours)s. Look it up at the provider, and enter or correct it here; the next "
            "reconciliation of the day closes this item.",
            day=self.day,
            provider=self.provider_id.sudo().name,
            payment=self.reference or self.object_key,
            theirs=side(self.theirs_amount, self.theirs_currency_id, self.theirs_status),
            ours=side(self.ours_amount, self.ours_currency_id, self.ours_status),
        )


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("payment_difference", "Payment Differs")],
        ondelete={"payment_difference": "cascade"},
    )
