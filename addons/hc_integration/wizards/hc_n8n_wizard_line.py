# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_webhook_core import n8n_workflows


class HcN8nWizardLine(models.TransientModel):
    """A shipped workflow that n8n may begin when something happens here."""

    _name = "hc.n8n.wizard.line"
    _description = "Workflow of n8n"

    wizard_id = fields.Many2one("hc.n8n.wizard", required=True, ondelete="cascade")
    code = fields.Selection(
        [(workflow.code, workflow.name) for workflow in n8n_workflows.WORKFLOWS],
        "Workflow",
        required=True,
        readonly=True,
    )
    event_types = fields.Char("Begins With", compute="_compute_workflow")
    module = fields.Char("Needs", compute="_compute_workflow")
    is_available = fields.Boolean("Installed", compute="_compute_workflow")
    is_chosen = fields.Boolean("Connect")

    @api.depends("code")
    def _compute_workflow(self):
        known = self.env["hc.n8n.wizard"]._get_event_types()
        for line in self:
            workflow = n8n_workflows.find(line.code) if line.code else None
            line.event_types = ", ".join(workflow.event_types) if workflow else False
            line.module = workflow.module if workflow else False
            line.is_available = bool(workflow) and set(workflow.event_types) <= known.keys()


class HcN8nEnvironment(models.AbstractModel):
    """What n8n has to know, shown once and stored nowhere."""

    _name = "hc.n8n.environment"
    _description = "Environment of n8n"

    # Without it the client cannot ask for the values.
    id = fields.Id()
    text = fields.Text("Environment", readonly=True)
    notes = fields.Text("Left to Do", readonly=True)
