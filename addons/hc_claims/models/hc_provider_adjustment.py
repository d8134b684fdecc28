# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_claim_core import provider_adjustments
from .hc_ledger_account import LEDGER_ACCOUNTS

_USES = [(use.kind, use.label) for use in LEDGER_ACCOUNTS if use.kind in provider_adjustments.USES]


class HcProviderAdjustment(models.Model):
    """A difference between a payment and its claims (PLB of an 835): the payer's running account.

    Above zero it reduces the payment. Takebacks are announced, deferred and recovered by rows of
    opposite signs that carry the same reference.
    """

    _name = "hc.provider.adjustment"
    _description = "Provider Adjustment"
    _inherit = ["hc.guarded.mixin"]
    _order = "payment_date desc, remittance_id desc, sequence"
    _rec_name = "reference"
    _guarded_fields = frozenset(
        {
            "remittance_id",
            "sequence",
            "provider_identifier",
            "fiscal_date",
            "reason_code",
            "code_id",
            "reference",
            "amount",
            "ledger_use",
            "move_line_id",
        }
    )

    remittance_id = fields.Many2one(
        "hc.remittance", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="remittance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(related="remittance_id.payer_id", store=True, index=True)
    payment_date = fields.Date(related="remittance_id.payment_date", store=True, index=True)
    remittance_state = fields.Selection(related="remittance_id.state")
    sequence = fields.Integer("No.", required=True, readonly=True)
    provider_identifier = fields.Char("Provider", readonly=True)
    fiscal_date = fields.Date("Fiscal Period", readonly=True)
    reason_code = fields.Char("Reason", required=True, readonly=True, index=True)
    code_id = fields.Many2one("hc.provider.adjustment.code", "Meaning", readonly=True)
    reference = fields.Char(readonly=True, index="btree_not_null")
    amount = fields.Monetary(required=True, readonly=True)
    ledger_use = fields.Selection(_USES, "Posted To", readonly=True)
    move_line_id = fields.Many2one("account.move.line", "Item", readonly=True)

    _sequence_unique = models.UniqueIndex(
        "(remittance_id, sequence)", "The remittance has this adjustment already."
    )


class HcProviderAdjustmentCode(models.Model):
    """Which account a provider adjustment is posted to."""

    _inherit = "hc.provider.adjustment.code"

    ledger_use = fields.Selection(
        _USES, "Posted To", compute="_compute_ledger_use", store=True, readonly=False, required=True
    )

    @api.depends("code")
    def _compute_ledger_use(self):
        for record in self:
            record.ledger_use = record.ledger_use or provider_adjustments.get_use(record.code)
