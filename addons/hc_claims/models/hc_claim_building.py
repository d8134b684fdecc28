# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.timely_filing import filing_deadline

from ..lifecycles import UNSENT_STATES

# Claims that stand for nothing any more.
_DEAD_STATES = ("void", "replaced")


class HcBillingCase(models.Model):
    """A case that is invoiced to a payer has a claim to it."""

    _inherit = "hc.billing.case"

    claim_ids = fields.One2many("hc.claim", "case_id", "Claims", readonly=True)

    def _on_invoice_posted(self):
        result = super()._on_invoice_posted()
        self._follow_invoice()
        return result

    def _follow_invoice(self):
        """Claim what was invoiced.

        A claim that was not sent yet is made anew, with the late charge; one that was sent needs
        a replacement, which a person reviews and sends.
        """
        insured = self.filtered(
            lambda case: case.payer_id and case.encounter_id.primary_coverage_id
        )
        claims = insured.claim_ids.filtered(
            lambda claim: claim.payer_order == "1" and claim.state not in _DEAD_STATES
        )
        # Another invoice of the case, such as one to the patient, claims nothing new.
        complete = claims.filtered(
            lambda claim: claim.case_id._get_claim_charges() <= claim.line_ids.charge_id
        )
        insured -= complete.case_id
        claims = claims.filtered(lambda claim: claim.case_id in insured)
        unsent = claims.filtered(lambda claim: claim.state in UNSENT_STATES)
        unsent._withdraw(self.env._("made anew with a late charge"))
        sent = claims - unsent
        sent._open_correction_items(
            "late_charge", self.env._("A late charge was invoiced after the claim was sent.")
        )
        (insured - sent.case_id)._create_claims()

    def _create_claims(self, payer_order="1"):
        """Create the cases' claims to the payer of an order, and run their edits."""
        if not self:
            return self.env["hc.claim"]
        vals_list = []
        for company, cases in self.grouped("company_id").items():
            numbers = self.env["hc.claim"]._next_numbers(company, len(cases))
            vals_list += [
                case._prepare_claim_vals(number, payer_order)
                for case, number in zip(cases, numbers, strict=True)
            ]
        claims = self.env["hc.claim"]._create_quietly(vals_list)
        claims._run_edits()
        return claims

    def _prepare_claim_vals(self, number, payer_order="1"):
        """Values of an original claim; a module adds to ``super()``.

        :param str number: the claim's own number
        :param str payer_order: whose coverage of the encounter answers
        """
        self.ensure_one()
        encounter = self.encounter_id
        coverage = (
            encounter.primary_coverage_id if payer_order == "1" else encounter.secondary_coverage_id
        )
        charges = self._get_claim_charges()
        versions = self.claim_ids.filtered(lambda claim: claim.payer_order == payer_order)
        return {
            "name": number,
            "case_id": self.id,
            "coverage_id": coverage.id,
            "payer_id": coverage.payer_id.id,
            "payer_order": payer_order,
            "claim_type": "institutional" if encounter.type_of_bill else "professional",
            "version": max(versions.mapped("version"), default=0) + 1,
            "frequency": "1",
            "amount_charged": sum(charges.mapped("amount")),
            "filing_deadline": filing_deadline(
                charges.mapped("service_date"), coverage.payer_id.timely_filing_days
            ),
            "line_ids": [
                Command.create(charge._prepare_claim_line_vals(number, sequence))
                for sequence, charge in enumerate(charges, 1)
            ],
        }

    def _get_claim_charges(self):
        """What the claim asks to be paid: everything that is invoiced, in order of service."""
        return self.charge_ids.filtered(lambda charge: charge.state == "billed")

    def _on_stage_cancelled(self, previous):
        result = super()._on_stage_cancelled(previous)
        claims = self.sudo().claim_ids.filtered(lambda claim: claim.state not in _DEAD_STATES)
        unsent = claims.filtered(lambda claim: claim.state in UNSENT_STATES)
        unsent._withdraw(self.env._("case cancelled"))
        (claims - unsent)._open_correction_items(
            "case_cancelled",
            self.env._("The case was cancelled after the claim was sent: send a void claim."),
        )
        return result


class HcCharge(models.Model):
    _inherit = "hc.charge"

    def _prepare_claim_line_vals(self, number, sequence):
        """Values of the claim line of one charge; a module adds to ``super()``.

        :param str number: number of the claim
        :param int sequence: place of the line in the claim, from 1
        """
        self.ensure_one()
        return {
            "sequence": sequence,
            "charge_id": self.id,
            "code": self.code_id.code,
            "modifiers": ":".join(self.modifier_ids.mapped("code")) or False,
            "revenue_code": self.revenue_code_id.code,
            "service_date": self.service_date,
            "units": self.units,
            "amount_charged": self.amount,
            "control_number": f"{number}-{sequence}",
        }


class HcClaim(models.Model):
    _inherit = "hc.claim"
    _guarded_line_models = ("hc.claim.line",)

    def _create_quietly(self, vals_list):
        """Create claims; the log is their audit trail, so chatter says nothing of it."""
        quiet = self.sudo().with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        return quiet._create_guarded(vals_list).with_env(self.sudo().env)

    def _get_creation_facts(self):
        facts = {"case": self.case_id.id, "payer_order": self.payer_order, "version": self.version}
        if self.origin_claim_id:
            facts["origin"] = self.origin_claim_id.id
        return facts

    def _withdraw(self, reason):
        """Give up claims that were not sent."""
        self._transition("void", reason=reason)

    def _on_state_void(self, previous):
        self._resolve_work_items("superseded")

    def _open_correction_items(self, key, description):
        """Ask a person to correct claims that were sent; nothing is sent again by itself."""
        self.env["hc.work.item"]._open(
            [
                claim._prepare_work_item_vals(
                    "claim_correction",
                    self.env._("%(claim)s is to be corrected", claim=claim.name),
                    description,
                    key=key,
                )
                for claim in self
            ]
        )
