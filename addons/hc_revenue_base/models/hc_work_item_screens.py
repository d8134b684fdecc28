# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_work_item import OPEN_STATES


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    age_days = fields.Integer("Age (days)", compute="_compute_age_days")
    is_mine = fields.Boolean(compute="_compute_is_mine")
    may_work = fields.Boolean(compute="_compute_may_work")
    is_fixable = fields.Boolean(compute="_compute_is_fixable")
    finding_category = fields.Selection(
        related="finding_id.category", string="Category", store=True, index=True
    )

    @api.depends("opened_at", "resolved_at")
    def _compute_age_days(self):
        now = self.env.cr.now()
        for item in self:
            item.age_days = ((item.resolved_at or now) - item.opened_at).days

    @api.depends("assignee_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for item in self:
            item.is_mine = item.assignee_id == self.env.user

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_work(self):
        """Whether the user's role takes and resolves items; readers look on."""
        for item in self:
            item.may_work = item.has_access("write")

    @api.depends("finding_id", "state")
    @api.depends_context("uid")
    def _compute_is_fixable(self):
        for item in self:
            item.is_fixable = item.state in OPEN_STATES and item.finding_id.is_fixable

    def action_open_source(self):
        """Open the record that the item is about: its case, or whatever else caused it."""
        self.ensure_one()
        res_model, res_id = self.res_model, self.res_id
        if self.case_id:
            res_model, res_id = self.case_id._name, self.case_id.id
        if not res_id or res_model not in self.env:
            raise UserError(self.env._("This work item is not about a record."))
        return {
            "type": "ir.actions.act_window",
            "res_model": res_model,
            "res_id": res_id,
            "views": [(False, "form")],
        }

    def action_fix(self):
        """Open the record, at the field, that solves the finding behind the item."""
        self.ensure_one()
        return self.finding_id.action_fix()

    def action_open_reassign(self):
        """Ask to whom or to which queue the items should go."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_reassign_wizard_action"
        )
        action["context"] = {"default_item_ids": self.ids}
        return action


class HcWorkQueue(models.Model):
    """What a supervisor sees of a queue: how much, how old, how late, and whose."""

    _inherit = "hc.work.queue"

    open_count = fields.Integer("Open", compute="_compute_workload")
    unassigned_count = fields.Integer("Unassigned", compute="_compute_workload")
    overdue_count = fields.Integer("Overdue", compute="_compute_workload")
    mine_count = fields.Integer("Mine", compute="_compute_workload")
    oldest_opened_at = fields.Datetime("Oldest Since", compute="_compute_workload")
    oldest_age_days = fields.Integer("Oldest (days)", compute="_compute_workload")
    assignee_ids = fields.Many2many("res.users", string="Owners", compute="_compute_workload")

    @api.depends_context("uid")
    def _compute_workload(self):
        now = self.env.cr.now()
        items = self.env["hc.work.item"]
        open_of_queue = [("queue_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        overdue = dict(
            items._read_group([*open_of_queue, ("due_at", "<", now)], ["queue_id"], ["__count"])
        )
        by_queue = {}
        rows = items._read_group(
            open_of_queue, ["queue_id", "assignee_id"], ["__count", "opened_at:min"]
        )
        for queue, assignee, count, oldest in rows:
            by_queue.setdefault(queue, []).append((assignee, count, oldest))
        for queue in self:
            shares = by_queue.get(queue, [])
            oldest = min((share[2] for share in shares), default=False)
            queue.open_count = sum(share[1] for share in shares)
            queue.unassigned_count = sum(share[1] for share in shares if not share[0])
            queue.mine_count = sum(share[1] for share in shares if share[0] == self.env.user)
            queue.overdue_count = overdue.get(queue, 0)
            queue.oldest_opened_at = oldest
            queue.oldest_age_days = (now - oldest).days if oldest else 0
            queue.assignee_ids = items.env["res.users"].union(*(share[0] for share in shares))

    def action_open_items(self):
        """Open the open items of the queue."""
        return self._open_items({"search_default_open": 1})

    def action_open_unassigned(self):
        """Open the items of the queue that nobody has taken."""
        return self._open_items({"search_default_open": 1, "search_default_unassigned": 1})

    def action_open_overdue(self):
        """Open the items of the queue that are late."""
        return self._open_items({"search_default_overdue": 1})

    def _open_items(self, context):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_action"
        )
        action["context"] = {
            **context,
            "search_default_queue_id": self.id,
            "default_queue_id": self.id,
        }
        return action
