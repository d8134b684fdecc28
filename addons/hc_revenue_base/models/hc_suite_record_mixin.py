# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.fields import Domain

# What the names of the suite's modules begin with.
SUITE_PREFIXES = ("hc_", "test_hc_")


class HcSuiteRecordMixin(models.AbstractModel):
    """Tells the records that this suite ships from all others, by the module of their XML id."""

    _name = "hc.suite.record.mixin"
    _description = "Record Shipped by the Suite"

    is_hc_suite = fields.Boolean(
        "Healthcare Revenue", compute="_compute_is_hc_suite", search="_search_is_hc_suite"
    )

    def _compute_is_hc_suite(self):
        shipped = set(self._get_suite_ids())
        for record in self:
            record.is_hc_suite = record.id in shipped

    @api.model
    def _search_is_hc_suite(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._get_suite_ids())]

    @api.model
    def _get_suite_ids(self):
        shipped = Domain("model", "=", self._name) & Domain.OR(
            Domain("module", "=like", prefix.replace("_", "\\_") + "%") for prefix in SUITE_PREFIXES
        )
        names_sudo = self.env["ir.model.data"].sudo().search_fetch(shipped, ["res_id"])
        return names_sudo.mapped("res_id")
