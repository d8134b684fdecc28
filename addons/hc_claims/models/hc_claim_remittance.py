# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_claim_core.adjudication import FORWARDED_CODES, REVERSAL

# The payer says that it has sent the claim on (RARC).
_CROSSOVER_REMARKS = frozenset({"MA07", "MA18"})
_NEXT_PAYERS = ("payer_2", "payer_3")


class HcClaim(models.Model):
    """What payers answered to a claim."""

    _inherit = "hc.claim"

    answer_ids = fields.One2many("hc.remittance.claim", "claim_id", "Answers", readonly=True)
    # Computed rather than written: a set of answers brings its claims up to date at once.
    amount_paid = fields.Monetary(compute="_compute_answered", store=True)
    amount_patient = fields.Monetary(compute="_compute_answered", store=True)
    adjudicated_on = fields.Date(compute="_compute_answered", store=True)
    payer_claim_number = fields.Char(compute="_compute_payer_claim_number", store=True)

    def _get_next_party(self):
        """Who is asked for what this payer leaves to the patient: the next payer, else the patient.

        :return: ``(responsibility, partner)``, or None where nobody may be asked
        """
        self.ensure_one()
        case_sudo = self.case_id.sudo()
        next_coverage = self._get_next_coverage()
        if next_coverage:
            partner = next_coverage.payer_id.partner_id
            return f"payer_{int(self.payer_order) + 1}", partner
        if self.coverage_id.sudo().is_qualified_medicare_beneficiary:
            return None
        return "patient", case_sudo._get_party("patient")

    def _get_next_coverage(self):
        """The coverage that comes behind this claim's; empty behind the last one."""
        self.ensure_one()
        encounter_sudo = self.case_id.sudo().encounter_id
        return (
            encounter_sudo.secondary_coverage_id
            if self.payer_order == "1"
            else (self.env["hc.coverage"].sudo())
        )

    @api.depends(
        "answer_ids.state",
        "answer_ids.status_code",
        "answer_ids.amount_paid",
        "answer_ids.amount_moved",
        "answer_ids.remittance_id.payment_date",
    )
    def _compute_answered(self):
        """Totals of the claims: what the answers that stand have paid and left to the patient."""
        for claim in self:
            standing = claim.answer_ids._get_standing()
            claim.amount_paid = sum(standing.mapped("amount_paid"))
            claim.amount_patient = sum(standing.mapped("amount_moved"))
            claim.adjudicated_on = standing.sorted("id")[-1:].remittance_id.payment_date

    @api.depends("answer_ids.state", "answer_ids.payer_claim_number")
    def _compute_payer_claim_number(self):
        """The number in the last answer; before it, what an acknowledgement said stays."""
        for claim in self:
            said = claim.answer_ids._get_standing().filtered("payer_claim_number").sorted("id")
            claim.payer_claim_number = said[-1:].payer_claim_number or claim.payer_claim_number


class HcRemittanceClaim(models.Model):
    """What an answer means for the next payer's claim."""

    _inherit = "hc.remittance.claim"

    def _get_standing(self):
        """Those that were posted and are neither reversals nor reversed."""
        return self.filtered(
            lambda answer: answer.state == "posted" and answer.status_code != REVERSAL
        )

    def _claim_from_next_payer(self):
        """Claim what these answers left to a secondary payer, with what was decided so far."""
        for answer in self.filtered(lambda answer: answer.next_party in _NEXT_PAYERS):
            answer.claim_id._create_secondary_claim(
                answer._get_adjudication(), is_forwarded=answer._is_forwarded
            )

    def _get_adjudication(self):
        """What the payer decided, as the next payer's claim carries it."""
        self.ensure_one()
        decimal = self._to_decimal

        def rows(adjustments):
            return [(row.group_code, row.reason_code, decimal(row.amount)) for row in adjustments]

        return {
            "paid": decimal(self.amount_paid),
            "paid_on": self.remittance_id.payment_date,
            "claim_number": self.payer_claim_number,
            "remarks": (self.remark_codes or "").split(),
            "adjustments": rows(self.adjustment_ids.filtered(lambda row: not row.service_id)),
            "lines": {
                service.claim_line_id.id: {
                    "paid": decimal(service.amount_paid),
                    "adjustments": rows(service.adjustment_ids),
                }
                for service in self.service_ids
                if service.claim_line_id
            },
        }

    @property
    def _is_forwarded(self):
        """Whether the payer sent the claim on to the next payer itself."""
        remarks = set((self.remark_codes or "").split())
        return bool(
            self.status_code in FORWARDED_CODES
            or self.crossover_name
            or remarks & _CROSSOVER_REMARKS
        )
