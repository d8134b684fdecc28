# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .base_automation import gather_run


class IrActionsServer(models.Model):
    """Scheduled Actions and Automation Rules both end in ``run``: one place asks the register."""

    _name = "ir.actions.server"
    _inherit = ["ir.actions.server", "hc.suite.config.mixin"]
    _config_fields = (
        "name",
        "state",
        "code",
        "group_ids",
        "model_id",
        "binding_model_id",
        "base_automation_id",
        "parent_id",
        "update_path",
        "value",
        "webhook_url",
    )

    # Odoo shows the code to system administrators only; what an action of the suite calls is no
    # secret to those who answer for it.
    hc_call = fields.Text("Calls", compute="_compute_hc_call", compute_sudo=True)

    @api.depends("code")
    def _compute_hc_call(self):
        for action in self:
            action.hc_call = action.code if action.is_hc_suite else False

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_rule_may_get_actions(actions.base_automation_id)
        return actions

    def write(self, vals):
        rules = self.base_automation_id
        result = super().write(vals)
        self._check_rule_may_get_actions(self.base_automation_id - rules)
        return result

    @api.model
    def _check_rule_may_get_actions(self, rules):
        """What a rule does is agreed to: it gets no action besides."""
        rules._check_config_write({"action_server_ids"})

    def run(self):
        """Run each action as the register says; actions outside of the suite run as ever."""
        result = False
        for action in self:
            automation_id = self.env["hc.automation"]._get_id_for_action(action.id)
            if automation_id:
                if gather_run(action, action._get_run_ids()):
                    continue
                automation = self.env["hc.automation"].sudo().browse(automation_id)
                result = action._run_registered(automation)
            else:
                result = super(IrActionsServer, action).run()
        return result

    def _get_run_ids(self):
        """Of which records of its model the action is run."""
        return self.env.context.get("active_ids") or [self.env.context.get("active_id")]

    def _run_registered(self, automation):
        action, seen = self._limit_to_scope(automation)
        if seen is None:
            return False
        result = automation.with_env(self.env(su=True))._execute(
            super(IrActionsServer, action).run, seen
        )
        if automation.kind == "server_action" and automation.mode != "on":
            return automation._get_notice()
        return result

    def _limit_to_scope(self, automation):
        """The action on those of its records that the automation may touch.

        :return: the action with its records in the context, and how many; ``None`` for none
        """
        ids = self._get_run_ids()
        model_name = self.sudo().model_id.model
        if automation.cron_id or not all(ids) or self.env.context.get("onchange_self"):
            return self, 0
        domain = automation._get_domain_for(model_name)
        if domain.is_true():
            return self, len(ids)
        inside = self.env[model_name].sudo().browse(ids).filtered_domain(domain).ids
        if not inside:
            return self, None
        return self.with_context(active_ids=inside, active_id=inside[0]), len(inside)
