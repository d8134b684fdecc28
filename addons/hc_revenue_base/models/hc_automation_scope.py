# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .hc_automation_observation import get_running

# How records lead to what a scope names: the first path that a model has counts.
_PATHS = {
    "company_ids": ("company_id",),
    "facility_ids": ("facility_id", "case_id.facility_id"),
    "payer_type": (
        "payer_type",
        "payer_id.payer_type",
        "primary_coverage_id.payer_id.payer_type",
        "case_id.payer_type",
    ),
}
_PATHS_OF_MODEL = {"hc.facility": {"facility_ids": ("id",)}}


class HcAutomation(models.Model):
    """Where an automation acts: a pilot in one facility or segment is a scope, not a fork."""

    _inherit = "hc.automation"

    company_ids = fields.Many2many("res.company", string="Companies", tracking=True)
    facility_ids = fields.Many2many("hc.facility", string="Facilities", tracking=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        string="Payer Class",
        tracking=True,
    )
    segment_domain = fields.Char(
        "Segment", tracking=True, help="Only records that match, for example a pilot group."
    )
    has_scope = fields.Boolean(
        "Can Be Limited",
        default=True,
        readonly=True,
        help="Whether its engine works record by record, so that a scope means something.",
    )
    scope_summary = fields.Char("Scope", compute="_compute_scope_summary")

    @api.depends("company_ids", "facility_ids", "payer_type", "segment_domain")
    def _compute_scope_summary(self):
        labels = dict(self._fields["payer_type"]._description_selection(self.env))
        for automation in self:
            parts = [
                ", ".join(automation.sudo().company_ids.mapped("name")),
                ", ".join(automation.sudo().facility_ids.mapped("name")),
                labels.get(automation.payer_type, ""),
                automation.segment_domain and self.env._("one segment"),
            ]
            automation.scope_summary = " · ".join(filter(None, parts)) or self.env._("Everywhere")

    @api.constrains("company_ids", "facility_ids", "payer_type", "segment_domain", "has_scope")
    def _check_scope(self):
        for automation in self:
            named = [name for name in (*_PATHS, "segment_domain") if automation[name]]
            if not named:
                continue
            if not automation.has_scope:
                raise ValidationError(
                    self.env._(
                        "%(name)s works on no single records and cannot be limited. "
                        "Leave the scope empty.",
                        name=automation.name,
                    )
                )
            # Where an external flow acts is for that flow to honour.
            if automation.kind != "external_flow":
                automation._check_dimensions(named)
            automation._check_segment()

    def _check_dimensions(self, names):
        for name in names:
            if name in _PATHS and not self._get_path(self.model_name, name):
                raise ValidationError(
                    self.env._(
                        "%(model)s has no %(dimension)s, so %(name)s cannot be limited by it.",
                        model=self.env[self.model_name]._description,
                        dimension=self._fields[name].string,
                        name=self.name,
                    )
                )

    def _check_segment(self):
        if not self.segment_domain:
            return
        try:
            self.env[self.model_name].sudo().search(self._parse_segment(), limit=1)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "The segment of %(name)s is no valid filter. Choose it with the editor.",
                    name=self.name,
                )
            ) from error

    def _parse_segment(self):
        return Domain(literal_eval(self.segment_domain or "[]"))

    @api.model
    def _get_path(self, model_name, dimension):
        """The field path by which a model's records lead to a dimension, or None."""
        paths = _PATHS_OF_MODEL.get(model_name, {}).get(dimension, _PATHS[dimension])
        return next((path for path in paths if self._has_path(model_name, path)), None)

    @api.model
    def _has_path(self, model_name, path):
        model = self.env[model_name]
        for name in path.split("."):
            if model is None or name not in model._fields:
                return False
            field = model._fields[name]
            if not (field._description_searchable or name == "id"):
                return False
            model = self.env[field.comodel_name] if field.comodel_name else None
        return True

    def _get_domain_for(self, model_name):
        """Which records of a model lie within the scope."""
        self.ensure_one()
        domain = Domain.TRUE
        for dimension in _PATHS:
            value = self[dimension]
            path = value and self._get_path(model_name, dimension)
            if path:
                values = [value] if isinstance(value, str) else value.ids
                domain &= Domain(path, "in", values)
        if self.segment_domain and model_name == self.model_name:
            domain &= self._parse_segment()
        return domain

    @api.model
    def _get_scope_domain(self, code, model_name):
        """Which records of a model an automation may touch; engines of their own ask this.

        :param str code: code of the automation
        :param str model_name: the model that the engine searches
        :raise ValueError: no automation has this code
        """
        automation_sudo = self.sudo().search([("code", "=", code)])
        return automation_sudo._get_domain_for(model_name)

    @api.model
    def _get_running_domain(self, model_name):
        """Which records of a model the automations that are running now may touch."""
        automations_sudo = self.sudo().browse(tally.automation_id for tally in get_running())
        return Domain.AND(a._get_domain_for(model_name) for a in automations_sudo)
