# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.fields import Domain

from .hc_patient import PHI_GROUP


class IrAttachment(models.Model):
    """Files attached to records about patients: scans of cards, consents, notes, feeds."""

    _inherit = "ir.attachment"

    @api.model
    def _get_phi_models(self):
        """Models whose attached files show patient data; a sibling adds its own."""
        return {
            "hc.patient",
            "hc.coverage",
            "hc.authorization",
            "hc.document",
            "hc.encounter",
            "hc.billing.case",
            "hc.work.item",
            "hc.exchange",
            "hc.controlled.action",
            "hc.action.evidence",
        }

    @api.model
    def _get_hidden_models(self):
        # The record itself may be read without the group, its number for example; a file has no
        # fields that could be left out.
        if self.env.su or self.env.user.has_group(PHI_GROUP):
            return set()
        return self._get_phi_models()

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        # A search for one model's files asks that model alone; content could be guessed by it.
        hidden = self._get_hidden_models()
        if hidden and not bypass_access:
            domain = Domain(domain) & Domain("res_model", "not in", hidden)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        hidden = self._get_hidden_models()
        for res_model in hidden & model_and_ids.keys():
            yield from ((res_model, res_id) for res_id in model_and_ids[res_model] if res_id)
        visible = {model: ids for model, ids in model_and_ids.items() if model not in hidden}
        yield from super()._inaccessible_comodel_records(visible, operation)

    def write(self, vals):
        self._check_not_received()
        return super().write(vals)

    def unlink(self):
        self._check_not_received()
        return super().unlink()

    def _check_not_received(self):
        """Documents of an exchange stay as they came: they prove what was imported."""
        if self.env.su:
            return
        if any(
            attachment.res_model == "hc.exchange" and attachment.res_field
            for attachment in self.sudo()
        ):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "write",
                self.env._("Received documents are neither changed nor deleted."),
                reason="received_document",
            )
