# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcAutomation(models.Model):
    """Whether and where an automation acts; stopping it needs no second person."""

    _name = "hc.automation"
    _inherit = ["hc.automation", "hc.config.controlled.mixin"]
    _config_fields = ("mode", "company_ids", "facility_ids", "payer_type", "segment_domain")
    # A life cycle; see _config_write.
    _config_guarded_elsewhere = frozenset({"mode"})

    def _config_write(self, values):
        values = dict(values)
        mode = values.pop("mode", None)
        result = super()._config_write(values)
        if mode:
            self._set_mode(mode, self.env._("configuration change"))
        return result

    def _stop(self, reason):
        result = super()._stop(reason)
        self._end_agreed_changes(reason)
        self.env["hc.config.version"]._take(self.sudo(), "stop", names={"mode"})
        return result

    def _end_agreed_changes(self, reason):
        """End what was agreed to before the stop: it would start the automation at its time."""
        changes_sudo = self.env["hc.config.change"].sudo()
        changes_sudo.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "approved"),
            ]
        )._transition("withdrawn", reason=reason)
