# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError


class HcConfigChangeLine(models.Model):
    """One value of a proposed change: as agreed last, and as proposed."""

    _name = "hc.config.change.line"
    _description = "Proposed Value"
    _inherit = ["hc.guarded.mixin"]
    _order = "change_id, sequence, id"
    _guarded_fields = frozenset(
        {
            "change_id",
            "sequence",
            "field_name",
            "label",
            "field_type",
            "options",
            "old_value",
            "seen_value",
            "before_text",
        }
    )

    change_id = fields.Many2one(
        "hc.config.change", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char("Field", required=True, readonly=True)
    field_type = fields.Char(readonly=True)
    options = fields.Json(readonly=True)
    old_value = fields.Json(readonly=True, help="As agreed last.")
    seen_value = fields.Json(readonly=True, help="As it was when the change was proposed.")
    new_value = fields.Json()
    before_text = fields.Text("Before", compute="_compute_texts", store=True)
    after_text = fields.Text("After", compute="_compute_texts", store=True)
    is_changed = fields.Boolean(compute="_compute_texts", store=True)

    @api.depends("new_value", "old_value", "seen_value")
    def _compute_texts(self):
        for line in self:
            model = self.env.get(line.change_id.res_model)
            if line.field_type == "text_only" or model is None:
                line.before_text, line.after_text = line.before_text, line.new_value or ""
                line.is_changed = True
                continue
            old, seen, new = (
                model._config_parse_stored(line.field_name, value)
                for value in (line.old_value, line.seen_value, line.new_value)
            )
            # What was changed without agreement goes back to what was agreed by a change too.
            line.before_text = model._config_label(line.field_name, seen if new == old else old)
            line.after_text = model._config_label(line.field_name, new)
            line.is_changed = not (old == seen == new)

    def write(self, vals):
        if "new_value" in vals:
            self.change_id._check_editable()
            for line in self:
                super(HcConfigChangeLine, line).write(line._parse_new_value(vals))
            return True
        return super().write(vals)

    def _parse_new_value(self, vals):
        if self.field_type == "text_only":
            raise UserError(self.env._("Change the draft itself, then propose it again."))
        model = self.env[self.change_id.res_model]
        value = model._config_parse(self.field_name, vals["new_value"])
        self._check_named_readable(model._fields[self.field_name], value)
        return {**vals, "new_value": value}

    def _check_named_readable(self, field, value):
        """Let nobody name a record that they may not read: its name would be shown."""
        if field.type not in ("many2one", "many2many") or self.env.su:
            return
        named, seen = (
            set(ids if isinstance(ids, list) else filter(None, [ids]))
            for ids in (value, self.seen_value)
        )
        self.env[field.comodel_name].browse(named - seen).check_access("read")
