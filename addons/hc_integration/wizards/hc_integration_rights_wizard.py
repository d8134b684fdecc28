# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcIntegrationRightsWizard(models.TransientModel):
    """The rights of the connected systems side by side: who may call which operation."""

    _name = "hc.integration.rights.wizard"
    _description = "Rights of Connected Systems"

    matrix = fields.Html(compute="_compute_matrix", sanitize=False)

    def _compute_matrix(self):
        matrix = self.env["ir.qweb"]._render(
            "hc_integration.hc_integration_rights_matrix", self._get_matrix()
        )
        for wizard in self:
            wizard.matrix = matrix

    @api.model
    def _get_matrix(self):
        """The systems that are not retired, and per operation and resource which of them may."""
        sources = self.env["hc.integration.source"].search([("state", "!=", "retired")])
        # A user's rights are read as the system reads them; who opens this page may see them all.
        users = {source: source.user_id.sudo() for source in sources}

        def may_use(source, entry):
            is_open = not hasattr(entry, "code") or source.sudo()._may_call(entry.code)
            return is_open and any(map(users[source].has_group, entry.groups))

        def rows(definitions, name_of):
            return [
                {
                    "name": name_of(entry),
                    "summary": entry.summary,
                    "may": [
                        may_use(source, entry) if users[source] else False for source in sources
                    ],
                }
                for entry in definitions
            ]

        operations = self.env["hc.operation"]
        return {
            "sources": sources,
            "sections": [
                (
                    self.env._("Operations"),
                    rows(operations._get_operations(), lambda entry: entry.code),
                ),
                (
                    self.env._("Resources"),
                    rows(operations._get_resources(), lambda entry: entry.name),
                ),
            ],
        }
