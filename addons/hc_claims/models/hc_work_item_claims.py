# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """The exceptions of claims, and what happens when one is declared solved."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("claim_held", "Claim Held"),
            ("claim_setup", "Claim Set-Up"),
            ("claim_failed", "Claim Work Failed"),
            ("claim_rejected", "Claim Rejected"),
            ("claim_correction", "Claim to Correct"),
            ("claim_no_response", "Claim Without Response"),
            ("claim_stalled", "Claim Stalled"),
            ("claim_deadline", "Claim Filing Deadline"),
            ("claim_information", "Claim Information Requested"),
            ("claim_answer", "Claim Answer Unmatched"),
            ("claim_batch", "Claim File"),
        ],
        ondelete={
            "claim_held": "set default",
            "claim_setup": "set default",
            "claim_failed": "set default",
            "claim_rejected": "set default",
            "claim_correction": "set default",
            "claim_no_response": "set default",
            "claim_stalled": "set default",
            "claim_deadline": "set default",
            "claim_information": "set default",
            "claim_answer": "set default",
            "claim_batch": "set default",
        },
    )

    def _on_state_resolved(self, previous):
        """Who declares the cause of a hold gone gets the answer of the edits at once."""
        result = super()._on_state_resolved(previous)
        held = self.sudo().filtered(
            lambda item: item.kind == "claim_held" and item.res_model == "hc.claim"
        )
        claims = self.env["hc.claim"].sudo().browse(held.mapped("res_id")).exists()
        claims.filtered(lambda claim: claim.state == "held")._run_edits()
        return result

    def action_open_source(self):
        """Open the record that the item is about; a claim rather than its case."""
        self.ensure_one()
        if self.res_model == "hc.claim" and self.res_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "hc.claim",
                "res_id": self.res_id,
                "views": [(False, "form")],
            }
        return super().action_open_source()
