# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.hc_work_item import OPEN_STATES


class HcWorkItemReassignWizard(models.TransientModel):
    """Give open work items to somebody else or to another queue, each with a log entry."""

    _name = "hc.work.item.reassign.wizard"
    _description = "Reassign Work Items"
    _inherit = ["hc.guarded.mixin"]

    item_ids = fields.Many2many("hc.work.item", string="Work Items", required=True)
    item_count = fields.Integer("Items", compute="_compute_item_count")
    queue_id = fields.Many2one("hc.work.queue", help="Empty: the items stay in their queue.")
    clear_assignee = fields.Boolean(
        "Give Back to the Queue", help="Nobody keeps the items; members of the queue take them."
    )
    user_id = fields.Many2one(
        "res.users",
        "Assign To",
        domain="[('share', '=', False)]",
        help="Empty: who has the items keeps them.",
    )
    reason = fields.Char(help="Goes into the history of every item.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "hc.work.item" and "item_ids" in fields:
            values.setdefault("item_ids", self.env.context.get("active_ids"))
        return values

    @api.depends("item_ids")
    def _compute_item_count(self):
        for wizard in self:
            wizard.item_count = len(wizard.item_ids)

    @api.onchange("clear_assignee")
    def _onchange_clear_assignee(self):
        if self.clear_assignee:
            self.user_id = False

    def action_apply(self):
        """Reassign the items that are still open: all of them or, with one error, none.

        :raise AccessError: the user is no team lead, or the new owner may not see an item
        :raise UserError: nothing to change, or an item is finished
        """
        self.ensure_one()
        self._check_may_reassign()
        items = self.item_ids
        items.check_access("write")
        items._lock_for_transition(["assignee_id", "queue_id", "state"])
        self._check_open(items)
        self._check_new_owner(items)
        for item in items:
            item._log_decision(reason=self.reason, facts=self._get_facts(item))
        started_by_others = items.filtered(
            lambda item: item.state == "in_progress" and self._changes_owner(item)
        )
        items._write_guarded(self._prepare_item_vals())
        started_by_others._transition("open", reason=self.env._("Reassigned"))
        return {"type": "ir.actions.act_window_close"}

    def _check_may_reassign(self):
        if not self.env.user.has_group("hc_revenue_base.group_hc_team_lead"):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "reassign",
                self.env._("Only team leads reassign work. Ask your team lead."),
                reason="not_team_lead",
            )
        if not (self.queue_id or self.user_id or self.clear_assignee):
            raise UserError(self.env._("Choose a person, a queue, or to give the items back."))

    @api.model
    def _check_open(self, items):
        finished = items.filtered(lambda item: item.state not in OPEN_STATES)
        if finished:
            raise UserError(
                self.env._(
                    "%(item)s is finished already. Take it out of the selection.",
                    item=finished[0].name,
                )
            )

    def _check_new_owner(self, items):
        if not self.user_id:
            return
        hidden = items - items.with_user(self.user_id)._filtered_access("write").with_user(
            self.env.user
        )
        if hidden:
            raise AccessError(
                self.env._(
                    "%(user)s may not work on %(item)s (role or facility). Choose somebody else.",
                    user=self.user_id.name,
                    item=hidden[0].name,
                )
            )

    def _changes_owner(self, item):
        return (self.user_id or self.clear_assignee) and item.assignee_id != self.user_id

    def _prepare_item_vals(self):
        values = {}
        if self.queue_id:
            values["queue_id"] = self.queue_id.id
        if self.user_id or self.clear_assignee:
            values["assignee_id"] = self.user_id.id
        return values

    def _get_facts(self, item):
        facts = {}
        if self.queue_id:
            facts["from_queue"] = item.queue_id.code
            facts["to_queue"] = self.queue_id.code
        if self.user_id or self.clear_assignee:
            facts["from_user"] = item.assignee_id.id or "none"
            facts["to_user"] = self.user_id.id or "none"
        return facts
