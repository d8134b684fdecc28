# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The claim as a person reads it: in boxes, after the paper forms, in a layout of our own."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

from ..hc_x12.plain import from_plain
from .hc_claim_content import CLAIM_CLASSES

_TEMPLATES = {
    "professional": "hc_claims.hc_claim_professional",
    "institutional": "hc_claims.hc_claim_institutional",
}


class HcClaim(models.Model):
    _inherit = "hc.claim"

    rendering = fields.Html(
        "The Claim",
        compute="_compute_rendering",
        sanitize=False,
        groups=f"{PHI_GROUP},{CLINICAL_GROUP}",
    )

    @api.depends("content", "state")
    def _compute_rendering(self):
        for claim in self:
            claim.rendering = (
                self.env["ir.qweb"]._render(
                    _TEMPLATES[claim.claim_type],
                    claim._get_rendering_values(),
                    minimal_qcontext=True,
                )
                if claim.id
                else False
            )

    def _get_rendering_values(self):
        """What the templates show: the claim as it was sent, or as it would be sent now."""
        claim_sudo = self.sudo()
        if claim_sudo.content:
            content = from_plain(CLAIM_CLASSES[self.claim_type], claim_sudo.content)
        else:
            [content] = claim_sudo._prepare_contents().values()
        return {
            "claim": claim_sudo,
            "content": content,
            "payer_order": claim_sudo._get_label("payer_order"),
            "frequency": claim_sudo._get_label("frequency"),
            "is_sent": bool(claim_sudo.content),
            "money": lambda amount: f"{amount:,.2f}",
            "quantity": lambda number: format(number.normalize(), "f"),
            "day": lambda date: fields.Date.to_string(date) if date else "",
            "person": lambda name: ", ".join(part for part in (name.last, name.first) if part),
            "letter": lambda number: "ABCDEFGHIJKL"[number - 1],
        }

    def _get_label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _render_pdf(self):
        """The claim as PDF.

        :raise AccessError: the user may not read the claim, or patient and clinical data
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.su and not all(map(self.env.user.has_group, (PHI_GROUP, CLINICAL_GROUP))):
            raise AccessError(self.env._("Claims show patient data, which you may not see."))
        self._note_phi_read(["rendering"])
        return self.env["hc.pdf"]._render(
            "hc_claims.hc_claim_letter",
            {
                **self._get_rendering_values(),
                "template": _TEMPLATES[self.claim_type],
                "company": self.company_id,
            },
        )

    def action_print(self):
        """Download the claim as PDF."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/revenue/claims/{self.id}.pdf",
            "target": "self",
        }
