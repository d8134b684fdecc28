# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models

from ..hc_webhook_core.proof import Told


class HcIntegrationProofLine(models.Model):
    """What was told and what is held of one type of event (and currency) for one day."""

    _name = "hc.integration.proof.line"
    _description = "Total of a Day"
    _inherit = ["hc.guarded.mixin"]
    _order = "event_type, currency_id, id"
    _rec_name = "event_type"
    _guarded_fields = frozenset(
        {
            "proof_id",
            "event_type",
            "currency_id",
            "is_told",
            "told_count",
            "has_told_amount",
            "told_amount",
            "has_told_ids",
            "told_ids",
            "held_count",
            "held_amount",
            "unfinished_count",
        }
    )

    proof_id = fields.Many2one(
        "hc.integration.proof", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="proof_id.company_id", store=True)
    event_type = fields.Char("Type", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    is_told = fields.Boolean("Told", readonly=True)
    told_count = fields.Integer("They Sent", readonly=True)
    has_told_amount = fields.Boolean(readonly=True)
    told_amount = fields.Monetary("Their Amount", readonly=True)
    has_told_ids = fields.Boolean(readonly=True)
    # Tens of thousands of ids: read by who compares, and not with the row.
    told_ids = fields.Json("Their Ids", readonly=True, prefetch=False)
    held_count = fields.Integer("We Hold", readonly=True)
    held_amount = fields.Monetary("Our Amount", readonly=True)
    unfinished_count = fields.Integer(
        "Not Applied", readonly=True, help="Held, and failed, refused or waiting."
    )
    count_difference = fields.Integer("Difference", compute="_compute_differences")
    amount_difference = fields.Monetary("Difference in Amount", compute="_compute_differences")

    @api.depends("told_count", "held_count", "told_amount", "held_amount", "is_told")
    def _compute_differences(self):
        for line in self:
            line.count_difference = line.held_count - line.told_count if line.is_told else 0
            line.amount_difference = (
                line.held_amount - line.told_amount if line.has_told_amount else 0.0
            )

    def _read_told(self):
        """What was told, as the comparison takes it."""
        return [
            Told(
                line.event_type,
                line.told_count,
                line.currency_id.name or "",
                line._get_decimal(line.told_amount) if line.has_told_amount else None,
                tuple(line.told_ids or ()) if line.has_told_ids else None,
            )
            for line in self
            if line.is_told
        ]  # fmt: skip

    def _get_decimal(self, amount):
        places = self.currency_id.decimal_places
        return Decimal(f"{amount:.{places}f}")
