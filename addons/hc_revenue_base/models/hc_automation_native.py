# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where Odoo's own engines ask the register.

Scheduled Actions and Automation Rules both end in ``ir.actions.server.run``: one place decides.
"""

from odoo import api, models

from .hc_automation_observation import get_observing, get_running


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """Run each action as the register says; actions outside of the suite run as ever."""
        result = False
        for action in self:
            automation_id = self.env["hc.automation"]._get_id_for_action(action.id)
            if automation_id:
                automation = self.env["hc.automation"].sudo().browse(automation_id)
                result = action._run_registered(automation)
            else:
                result = super(IrActionsServer, action).run()
        return result

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
        ids = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
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


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _commit_progress(self, processed=0, *, remaining=None, deactivate=False):
        for tally in get_running():
            tally.seen += processed
        observing = get_observing()
        if observing:
            self.env.cr.flush()
            return observing.get_seconds_left()
        return super()._commit_progress(processed, remaining=remaining, deactivate=deactivate)


class HcTransition(models.Model):
    _inherit = "hc.transition"

    @api.model
    def _append(self, entries):
        for tally in get_running():
            tally.note(entries)
        return super()._append(entries)


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        # No connection while an automation is observed: nothing may leave.
        return None if get_observing() else super()._connect__(*args, **kwargs)

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Send a message, unless an observed run sends it: then it is only counted."""
        observing = get_observing()
        if observing:
            observing.mails_held += 1
            return message["Message-Id"]
        return super().send_email(message, *args, **kwargs)


class HcAutomation(models.Model):
    _inherit = "hc.automation"

    @api.model
    def _is_observing(self):
        """Whether an observed run is going on: whatever reaches outside of Odoo must not."""
        return get_observing() is not None

    def _get_notice(self):
        """What a user sees who starts an action that is off or observed."""
        message = (
            self.env._("It is switched off. %(fallback)s", fallback=self.fallback_procedure)
            if self.mode == "off"
            else self.env._("It is being observed: nothing was changed. See its runs.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": self.name, "message": message, "type": "warning"},
        }
