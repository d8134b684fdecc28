# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.account_move import RESPONSIBILITIES
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..lifecycles import REMITTANCE_CLAIM

HOLD_REASONS = [
    ("unproven", "Does not add up"),
    ("credit", "Would create a credit"),
    ("status", "Unknown claim status code"),
    ("negative", "Negative payment that is no reversal"),
    ("no_next_party", "Patient may not be billed"),
    ("reversal_unknown", "Reverses an answer that is not here"),
    ("reversal_differs", "Reversal differs from the answer it reverses"),
    ("not_posted", "The books refused it"),
]


class HcRemittanceClaim(models.Model):
    """A payer's answer to one claim (CLP of an 835): what was paid, adjusted and denied."""

    _name = "hc.remittance.claim"
    _description = "Remittance Claim"
    _inherit = ["hc.lifecycle.mixin", "hc.phi.mixin", "mail.thread"]
    _order = "remittance_id desc, sequence"
    _rec_name = "patient_control_number"
    _rec_names_search = ["patient_control_number", "payer_claim_number"]
    _lifecycles = {"state": REMITTANCE_CLAIM}
    _guarded_fields = frozenset(
        {
            "remittance_id",
            "sequence",
            "claim_id",
            "patient_control_number",
            "payer_claim_number",
            "status_code",
            "filing_indicator",
            "amount_charged",
            "amount_paid",
            "amount_patient",
            "patient_name",
            "patient_member_id",
            "service_date_from",
            "service_date_to",
            "remark_codes",
            "crossover_name",
            "amount_difference",
            "proof_note",
            "match_method",
            "match_note",
            "hold_code",
            "hold_note",
            "amount_allowed_off",
            "amount_moved",
            "amount_denied",
            "amount_pended",
            "reversal_of_id",
            "next_party",
            "move_id",
            "transfer_invoice_id",
        }
    )

    remittance_id = fields.Many2one(
        "hc.remittance", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="remittance_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(related="remittance_id.payer_id", store=True, index=True)
    sequence = fields.Integer("No.", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="unmatched",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    claim_id = fields.Many2one("hc.claim", readonly=True, index=True, ondelete="restrict")
    case_id = fields.Many2one(related="claim_id.case_id", store=True, index=True)
    facility_id = fields.Many2one(related="claim_id.facility_id", store=True, index=True)
    patient_control_number = fields.Char("Claim No. as Sent", readonly=True, index=True)
    payer_claim_number = fields.Char("Payer Claim No.", readonly=True, index="btree_not_null")
    status_code = fields.Char("Status", readonly=True, help="CLP02")
    filing_indicator = fields.Char(readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_patient = fields.Monetary("Patient Share as Sent", readonly=True)
    patient_name = fields.Char("Patient as Sent", readonly=True, groups=PHI_GROUP)
    patient_member_id = fields.Char("Member ID as Sent", readonly=True, groups=PHI_GROUP)
    service_date_from = fields.Date(readonly=True)
    service_date_to = fields.Date(readonly=True)
    remark_codes = fields.Char("Remarks", readonly=True)
    crossover_name = fields.Char("Forwarded To", readonly=True)
    amount_difference = fields.Monetary(
        "Difference", readonly=True, help="Charged − adjustments − paid; zero where proven."
    )
    proof_note = fields.Char("First Difference", readonly=True)
    match_method = fields.Selection(
        [
            ("control_number", "Our claim number"),
            ("payer_number", "Payer's claim number"),
            ("services", "Patient, dates and services"),
            ("reversal", "The answer it reverses"),
            ("picked", "Picked by a person"),
        ],
        "Matched By",
        readonly=True,
    )
    match_note = fields.Char(readonly=True)
    hold_code = fields.Selection(HOLD_REASONS, "Why Held", readonly=True)
    hold_note = fields.Char(readonly=True)
    amount_allowed_off = fields.Monetary("Allowance", readonly=True)
    amount_moved = fields.Monetary("To Next Party", readonly=True)
    next_party = fields.Selection(RESPONSIBILITIES, readonly=True)
    amount_denied = fields.Monetary("Denied", readonly=True)
    amount_pended = fields.Monetary("Left Open", readonly=True)
    reversal_of_id = fields.Many2one(
        "hc.remittance.claim", "Reverses", readonly=True, index="btree_not_null"
    )
    reversed_by_ids = fields.One2many("hc.remittance.claim", "reversal_of_id")
    service_ids = fields.One2many(
        "hc.remittance.service", "remittance_claim_id", "Services", readonly=True
    )
    adjustment_ids = fields.One2many(
        "hc.remittance.adjustment", "remittance_claim_id", "Adjustments", readonly=True
    )
    move_id = fields.Many2one("account.move", "Entry", readonly=True, index="btree_not_null")
    transfer_invoice_id = fields.Many2one("account.move", "Patient Invoice", readonly=True)
    line_ids = fields.One2many("account.move.line", "hc_remittance_claim_id", readonly=True)

    _sequence_unique = models.UniqueIndex(
        "(remittance_id, sequence)", "The remittance has this answer already."
    )

    def _is_logged_move(self, field_name, from_state, to_state):
        """Reading and matching are not decisions: the remittance's own log says when."""
        return to_state not in ("unmatched", "matched") or bool(
            from_state not in (None, "unmatched")
        )
