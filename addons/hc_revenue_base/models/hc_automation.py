# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError

from ..hc_core import lifecycles
from .hc_work_item import OPEN_STATES

_STOPPING_GROUPS = (
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_administrator",
)


class HcAutomation(models.Model):
    """The register of everything that acts by itself or by one click.

    It says whose it is, where it acts, whether it acts, and what to do when it does not. One row
    per Automation Rule, Scheduled Action, Server Action or external flow of the suite decides
    whether the native record runs (see :meth:`_execute`).
    """

    _name = "hc.automation"
    _description = "Automation"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread"]
    _order = "kind, name, id"
    _lifecycles = {"mode": lifecycles.AUTOMATION}
    # What is registered is data of a module: moved elsewhere, a row would free what it named.
    _guarded_fields = _guarded_after_create = frozenset(
        {"code", "rule_id", "cron_id", "action_id", "shipped_mode", "has_scope"}
    )

    name = fields.Char(required=True)
    code = fields.Char(required=True, readonly=True, copy=False)
    purpose = fields.Text(required=True, help="What it does, and for whom.")
    kind = fields.Selection(
        [
            ("automation_rule", "Automation Rule"),
            ("scheduled_action", "Scheduled Action"),
            ("server_action", "Server Action"),
            ("external_flow", "External Flow"),
        ],
        compute="_compute_kind",
        store=True,
        index=True,
    )
    rule_id = fields.Many2one(
        "base.automation", "Automation Rule", readonly=True, index=True, ondelete="cascade"
    )
    cron_id = fields.Many2one(
        "ir.cron", "Scheduled Action", readonly=True, index=True, ondelete="cascade"
    )
    action_id = fields.Many2one(
        "ir.actions.server", "Server Action", readonly=True, index=True, ondelete="cascade"
    )
    model_name = fields.Char("Model", compute="_compute_model_name", compute_sudo=True)
    model_label = fields.Char("Works On", compute="_compute_model_name", compute_sudo=True)
    mode = fields.Selection(
        selection=lambda self: self._get_lifecycle("mode").selection(),
        default="off",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Observe runs the real engine, records what it would have done, and changes nothing.",
    )
    shipped_mode = fields.Selection(
        selection=lambda self: self._get_lifecycle("mode").selection(),
        default="off",
        required=True,
        readonly=True,
        help="The mode in which the module installs it.",
    )
    owner_id = fields.Many2one("res.users", tracking=True, domain=[("share", "=", False)])
    owner_group_id = fields.Many2one("res.groups", "Owner Role", required=True, tracking=True)
    override_procedure = fields.Text(
        required=True, help="How a person decides otherwise for one record."
    )
    rollback_procedure = fields.Text(required=True, help="How what it did is undone.")
    fallback_procedure = fields.Text(
        required=True, help="How the work gets done while it is switched off."
    )

    _code_unique = models.UniqueIndex("(code)", "Another automation has this code.")

    @api.depends("rule_id", "cron_id", "action_id")
    def _compute_kind(self):
        for automation in self:
            automation.kind = (
                (automation.rule_id and "automation_rule")
                or (automation.cron_id and "scheduled_action")
                or (automation.action_id and "server_action")
                or "external_flow"
            )

    @api.constrains("rule_id", "cron_id", "action_id")
    def _check_one_native_record(self):
        for automation in self:
            if sum(map(bool, (automation.rule_id, automation.cron_id, automation.action_id))) > 1:
                raise ValidationError(
                    self.env._("%(name)s: link one native record.", name=automation.name)
                )

    @api.depends("rule_id", "cron_id", "action_id")
    def _compute_model_name(self):
        for automation in self:
            native = automation._get_native()
            automation.model_name = native.model_id.model if native else False
            automation.model_label = native.model_id.name if native else False

    def _get_native(self):
        """The Odoo record that acts; none for an external flow."""
        self.ensure_one()
        return self.rule_id or self.cron_id or self.action_id

    @api.model_create_multi
    def create(self, vals_list):
        automations = super().create(vals_list)
        self.env.registry.clear_cache()
        for automation in automations:
            automation._schedule_review()
            automation._transition(
                automation.shipped_mode, reason=self.env._("shipped with the module")
            )
        return automations

    @api.model
    @tools.ormcache("action_id")
    def _get_id_for_action(self, action_id):
        """Id of the automation whose engine is a server action, or False."""
        action_sudo = self.env["ir.actions.server"].sudo().browse(action_id)
        if action_sudo.base_automation_id:
            domain = [("rule_id", "=", action_sudo.base_automation_id.id)]
        elif action_sudo.ir_cron_ids:
            domain = [("cron_id", "in", action_sudo.ir_cron_ids.ids)]
        else:
            domain = [("action_id", "=", action_id)]
        return self.sudo().search(domain, limit=1).id

    def _set_mode(self, mode, reason, facts=None):
        """Move to another mode; engines of other processes follow with their next transaction."""
        self._transition(mode, reason=reason, facts=facts)

    def _stop(self, reason):
        """The kill switch: off at once, without a second person, because stopping must be fast."""
        if not any(self.env.user.has_group(group) for group in _STOPPING_GROUPS):
            raise AccessError(
                self.env._(
                    "Operations, supervisors and billing administrators stop an automation. "
                    "Call one of them."
                )
            )
        self.check_access("read")
        self.sudo()._set_mode("off", reason, {"kill_switch": True})

    def action_open_stop(self):
        """Ask for the reason, then stop."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Stop Now"),
            "res_model": "hc.automation.stop.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_automation_ids": self.ids},
        }

    def action_open_native(self):
        """Open the Odoo record that acts."""
        self.ensure_one()
        return self._get_native()._get_records_action()

    def _get_open_items(self, kind):
        """Open work items of one kind about these automations."""
        return (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("kind", "=", kind),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", OPEN_STATES),
                ]
            )
        )
