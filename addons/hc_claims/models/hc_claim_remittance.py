# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import fields, models

from ..hc_claim_core.adjudication import FORWARDED_CODES

# The payer says that it has sent the claim on (RARC).
_CROSSOVER_REMARKS = frozenset({"MA07", "MA18"})
_NEXT_PAYERS = ("payer_2", "payer_3")


class HcClaim(models.Model):
    """What payers answered to a claim."""

    _inherit = "hc.claim"

    answer_ids = fields.One2many("hc.remittance.claim", "claim_id", "Answers", readonly=True)

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

    def _take_answer(self, answer):
        """Keep the payer's number of the claim; totals follow by :meth:`_sum_answers`."""
        self.ensure_one()
        if answer.payer_claim_number and answer.payer_claim_number != self.payer_claim_number:
            self._write_guarded({"payer_claim_number": answer.payer_claim_number})

    def _sum_answers(self):
        """Totals of the claims: what the answers that stand have paid and left to the patient."""
        totals = defaultdict(lambda: (0.0, 0.0, False))
        for claim, paid, moved, last in self.env["hc.remittance.claim"]._read_group(
            [("claim_id", "in", self.ids), ("state", "=", "posted"), ("status_code", "!=", "22")],
            ["claim_id"],
            ["amount_paid:sum", "amount_moved:sum", "remittance_id:max"],
        ):
            totals[claim.id] = (paid, moved, last)
        remittances = self.env["hc.remittance"]
        for claim in self:
            paid, moved, last = totals[claim.id]
            values = {
                "amount_paid": paid,
                "amount_patient": moved,
                "adjudicated_on": remittances.browse(last).payment_date if last else False,
            }
            claim._write_guarded(values)


class HcRemittanceClaim(models.Model):
    """What an answer means for the next payer's claim."""

    _inherit = "hc.remittance.claim"

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


class HcCoverage(models.Model):
    """Who may never be billed for the patient's share."""

    _inherit = "hc.coverage"

    is_qualified_medicare_beneficiary = fields.Boolean(
        "QMB",
        help="Qualified Medicare Beneficiary: nobody may bill the patient for deductible or "
        "coinsurance (42 U.S.C. 1396a(n)(3)(B)).",
    )
