# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Correcting what was denied: a replacement, or a new claim where the payer asks for one."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..lifecycles import ADJUDICATED_STATES, DENIAL_OPEN_STATES, DENIAL_TO_DO_STATES


class HcClaim(models.Model):
    _inherit = "hc.claim"

    denial_ids = fields.One2many("hc.denial", "claim_id", "Denials", readonly=True)

    def _get_new_claim_denials(self):
        """Denials whose remarks want a new claim (MA130, N142), as long as nobody sent one."""
        return self.sudo().denial_ids.filtered(
            lambda denial: (
                denial.resubmission == "new_claim" and denial.state in DENIAL_TO_DO_STATES
            )
        )

    def action_open_correction(self):
        action = super().action_open_correction()
        if self._get_new_claim_denials():
            action["context"] = {**action["context"], "default_correction": "resubmission"}
        return action

    def _check_correctable(self, correction):
        if self.state in ADJUDICATED_STATES and correction == "replacement":
            self._check_no_new_claim_wanted()
        elif (
            self.state in ADJUDICATED_STATES
            and correction == "resubmission"
            and self._get_new_claim_denials()
        ):
            return self._check_no_correction_waits()
        return super()._check_correctable(correction)

    def _check_no_new_claim_wanted(self):
        """Refuse a replacement as long as a denial is open that wants a new claim.

        An appeal or a new claim under way does not change what the payer wants.
        """
        for denial in self.sudo().denial_ids:
            if denial.resubmission == "new_claim" and denial.state in DENIAL_OPEN_STATES:
                raise UserError(
                    self.env._(
                        "The payer wants a new claim, not a replacement: %(denial)s says "
                        "%(remarks)s.",
                        denial=denial.name,
                        remarks=denial.remark_codes,
                    )
                )

    def _prepare_correction_vals(self, correction, number, note):
        """A new claim after a decision asks for the lines that were denied, and for no other."""
        vals = super()._prepare_correction_vals(correction, number, note)
        denials = self._get_new_claim_denials()
        if correction != "resubmission" or self.state == "rejected" or not denials.charge_id:
            return vals
        if not all(denial.charge_id for denial in denials):
            return vals
        lines = [
            command[2]
            for command in vals["line_ids"]
            if command[2]["charge_id"] in denials.charge_id.ids
        ]
        return vals | {
            "line_ids": [
                Command.create(line | {"sequence": place, "control_number": f"{number}-{place}"})
                for place, line in enumerate(lines, 1)
            ],
            "amount_charged": self.currency_id.round(sum(line["amount_charged"] for line in lines)),
        }

    def _correct(self, correction, note):
        self.sudo().denial_ids._check_no_write_off_waits()
        corrected = super()._correct(correction, note)
        for claim in corrected.sudo():
            denials = claim.origin_claim_id.denial_ids.filtered(
                lambda denial: denial.state in DENIAL_TO_DO_STATES
            )
            if correction == "resubmission" and claim.origin_claim_id.state != "rejected":
                denials = claim.origin_claim_id._get_new_claim_denials()
            if correction == "void" or not denials:
                continue
            denials._write_guarded({"correction_claim_id": claim.id})
            denials._transition("corrected", reason=note, facts={"claim": claim.id})
        return corrected

    def _guard_state_replaced(self):
        """A new claim for some lines does not replace a claim whose other lines were paid."""
        return {
            claim.id: [self.env._("the rest of the claim was decided and stands")]
            for claim in self
            if claim.state in ADJUDICATED_STATES
            and claim.correction_ids
            and all(each.frequency == "1" for each in claim.correction_ids)
        }

    def _on_state_void(self, previous):
        """A correction that is withdrawn before it was sent corrects nothing."""
        result = super()._on_state_void(previous)
        self.env["hc.denial"].sudo().search(
            [("correction_claim_id", "in", self.ids), ("state", "=", "corrected")]
        )._transition("in_work", reason=self.env._("the correction was withdrawn"))
        return result
