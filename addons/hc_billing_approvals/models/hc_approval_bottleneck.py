# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class HcApprovalBottleneck(models.Model):
    """Open steps as a supervisor looks at them: for whom they wait, how long, how many are late.

    A step is one row, so that totals are right: where a rule names several roles or people, the
    first stands for them.
    """

    _name = "hc.approval.bottleneck"
    _description = "Approval Bottleneck"
    _auto = False
    _order = "due_at, id"
    _rec_name = "request_id"

    request_id = fields.Many2one("hc.approval.request", readonly=True)
    step_id = fields.Many2one("hc.approval.step", "Open Step", readonly=True)
    rule_id = fields.Many2one("hc.approval.step.rule", "Step", readonly=True)
    group_id = fields.Many2one("res.groups", "Role", readonly=True)
    user_id = fields.Many2one("res.users", "Named Approver", readonly=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True)
    requester_id = fields.Many2one("res.users", readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    opened_at = fields.Datetime("Waiting Since", readonly=True)
    due_at = fields.Datetime("Decide By", readonly=True)
    age_days = fields.Integer(
        "Age (working days)", readonly=True, aggregator="avg", help="Monday to Friday."
    )
    overdue_count = fields.Integer("Overdue", readonly=True)
    escalation_level = fields.Integer("Escalations", readonly=True)
    waits_for_answer = fields.Boolean("Waits for Information", readonly=True)

    @property
    def _table_query(self):
        now = self.env.cr.now()
        return SQL(
            """SELECT step.id, step.id AS step_id, step.request_id, step.rule_id,
                      role.group_id, named.user_id,
                      request.kind, step.company_id, step.facility_id, request.case_id,
                      step.requester_id, request.amount, request.currency_id, step.opened_at,
                      step.due_at, step.escalation_level,
                      %(until)s - %(since)s AS age_days,
                      (request.state = 'waiting' AND step.due_at < %(now)s)::int AS overdue_count,
                      request.state = 'information' AS waits_for_answer
                 FROM hc_approval_step step
                 JOIN hc_approval_request request ON request.id = step.request_id
            LEFT JOIN (SELECT hc_approval_step_rule_id AS rule_id, min(res_groups_id) AS group_id
                         FROM hc_approval_step_rule_group_rel GROUP BY 1) role
                   ON role.rule_id = step.rule_id
            LEFT JOIN (SELECT hc_approval_step_id AS step_id, min(res_users_id) AS user_id
                         FROM hc_approval_step_user_rel GROUP BY 1) named
                   ON named.step_id = step.id
                WHERE step.state = 'open' AND request.state IN ('waiting', 'information')""",
            now=now,
            until=self._count_weekdays(SQL("%s::date", now)),
            since=self._count_weekdays(SQL("step.opened_at::date")),
        )

    def _count_weekdays(self, day):
        """Weekdays from a Monday long ago to a day; their difference is an age."""
        days = SQL("(%s - DATE '2001-01-01')", day)
        return SQL("(%s / 7 * 5 + least(%s %% 7, 5))", days, days)

    def action_open_request(self):
        """Open the request."""
        self.ensure_one()
        return self.request_id._get_records_action()

    def action_open_reassign(self):
        """Choose who is to decide the steps."""
        if not self:
            raise UserError(self.env._("Choose requests first."))
        return self.step_id._get_reassign_action()
