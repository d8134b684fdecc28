# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcIntegrationPlaybook(models.Model):
    """What people do while systems of a kind are down, where the system has no words of its own."""

    _name = "hc.integration.playbook"
    _description = "Play-Book"
    _inherit = ["mail.thread"]
    _order = "kind"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=lambda self: self.env["hc.integration.source"]._fields["kind"].selection,
        required=True,
        tracking=True,
    )
    body = fields.Html("What to Do", required=True)

    _kind_unique = models.UniqueIndex("(kind)", "This kind of system has a play-book.")

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for playbook in self:
            playbook.display_name = labels.get(playbook.kind, "")
