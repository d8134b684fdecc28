# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where the platform itself refuses: rights, record rules and fields behind a group.

Each is one method that makes the error, whichever interface the request came through.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    def _make_access_error(self, model, mode):
        if model.startswith("hc.") and model in self.env:
            self.env["hc.refused.attempt"]._note_refusal(
                self.env[model], mode, refusal="access_right"
            )
        return super()._make_access_error(model, mode)


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        if records._name.startswith("hc."):
            self.env["hc.refused.attempt"]._note_refusal(records, operation, refusal="record_rule")
        return super()._make_access_error(operation, records)


class HcGuardedMixin(models.AbstractModel):
    _inherit = "hc.guarded.mixin"

    @api.model
    def _check_field_access(self, field, operation):
        try:
            return super()._check_field_access(field, operation)
        except AccessError:
            self.env["hc.refused.attempt"]._note_refusal(
                self, operation, refusal="field_access", reason=field.name
            )
            raise


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("refused_attempts", "Refused Attempts")],
        ondelete={"refused_attempts": "set default"},
    )
