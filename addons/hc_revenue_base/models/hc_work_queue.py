# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

SEVERITIES = [
    ("info", "Info"),
    ("warning", "Warning"),
    ("error", "Error"),
    ("critical", "Critical"),
]


class HcWorkQueue(models.Model):
    """Who works on which kind of exception, and how fast."""

    _name = "hc.work.queue"
    _description = "Work Queue"
    _inherit = ["mail.thread"]
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(required=True, help="The owner queue named by readiness rules.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    lead_id = fields.Many2one("res.users", tracking=True)
    member_ids = fields.Many2many("res.users", string="Members")
    group_id = fields.Many2one(
        "res.groups",
        "Only For",
        ondelete="restrict",
        help="Only users with this right see and work on the items; empty: every role that works "
        "on items.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar", "Working Hours", help="Empty: the facility's working hours."
    )
    sla_hours = fields.Float("Due Within (hours)", default=16.0, required=True, tracking=True)
    sla_hours_critical = fields.Float("Critical Due Within (hours)", default=4.0, required=True)
    item_ids = fields.One2many("hc.work.item", "queue_id")

    _code_unique = models.UniqueIndex(
        "(company_id, code) NULLS NOT DISTINCT", "Another queue has this code."
    )
    _sla_positive = models.Constraint(
        "CHECK (sla_hours > 0 AND sla_hours_critical > 0)", "Due times must be above zero."
    )

    @api.model
    def _get_by_code(self, code, company):
        """The company's queue of this code, else the shared one, else the billing queue."""
        queues = self.sudo().search(
            [("code", "in", (code, "billing")), ("company_id", "in", (False, company.id))]
        )
        ranked = queues.sorted(lambda q: (q.code == code, bool(q.company_id)), reverse=True)
        return ranked[:1]
