# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcSuiteConfigMixin(models.AbstractModel):
    """Native records: those that the suite ships are controlled, all others are Odoo's business."""

    _name = "hc.suite.config.mixin"
    _description = "Controlled Record of the Suite"
    _inherit = ["hc.suite.record.mixin", "hc.config.controlled.mixin"]
    _config_may_try = False

    def _filter_config_controlled(self):
        # A record that has versions stays controlled when somebody takes its XML id away.
        shipped = set(self._get_suite_ids())
        rest = [record_id for record_id in self._origin.ids if record_id not in shipped]
        rows = (
            self.env["hc.config.version"]
            .sudo()
            ._read_group([("res_model", "=", self._name), ("res_id", "in", rest)], ["res_id"])
        )
        shipped.update(row[0] for row in rows)
        return self._origin.filtered(lambda record: record.id in shipped)
