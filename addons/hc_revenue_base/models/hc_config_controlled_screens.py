# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from lxml import etree

from odoo import api, models


class HcConfigControlledMixin(models.AbstractModel):
    """The buttons that every form of a controlled record carries."""

    _inherit = "hc.config.controlled.mixin"

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._config_fields:
            self._add_config_controls(arch)
        return arch, view

    @api.model
    def _add_config_controls(self, arch):
        """Put the button into the header, and show controlled fields as such."""
        for node in arch.xpath("//field[not(ancestor::field)]"):
            if node.get("name") in self._config_fields:
                own = node.get("readonly")
                node.set(
                    "readonly",
                    f"is_config_controlled or ({own})" if own else "is_config_controlled",
                )
        header = arch.find("header")
        if header is None:
            header = etree.Element("header")
            arch.insert(0, header)
        for name, label in (
            ("action_propose_change", self.env._("Propose a Change")),
            ("action_open_config_changes", self.env._("Changes and Versions")),
        ):
            etree.SubElement(
                header,
                "button",
                name=name,
                type="object",
                string=label,
                invisible="not is_config_controlled",
                groups="hc_revenue_base.group_hc_administrator",
            )
        etree.SubElement(header, "field", name="is_config_controlled", invisible="1")

    def action_propose_change(self):
        """Open a draft in which the new values are entered."""
        self.ensure_one()
        return self.env["hc.config.change"]._propose(self)._get_records_action()

    def action_open_config_changes(self):
        """Open the versions of this record, from which one can go back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_config_version_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {}
        return action
