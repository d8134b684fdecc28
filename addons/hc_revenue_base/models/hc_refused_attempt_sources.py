# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where the platform itself refuses: rights, record rules and fields behind a group.

Each is one method that makes the error, whichever interface the request came through.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import AccessError

_is_describing = ContextVar("is_describing", default=False)


@contextmanager
def _describing():
    """Odoo finds out by trying which fields can be grouped and sorted: nobody attempts a thing."""
    token = _is_describing.set(True)
    try:
        yield
    finally:
        _is_describing.reset(token)


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
            if not _is_describing.get():
                self.env["hc.refused.attempt"]._note_refusal(
                    self, operation, refusal="field_access", reason=field.name
                )
            raise

    @api.model
    def _get_view_fields(self, view_type, models):
        with _describing():
            return super()._get_view_fields(view_type, models)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        with _describing():
            return super().fields_get(allfields, attributes)


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("refused_attempts", "Refused Attempts")],
        ondelete={"refused_attempts": "set default"},
    )
