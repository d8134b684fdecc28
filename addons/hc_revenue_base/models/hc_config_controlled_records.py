# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is controlled configuration."""

from odoo import api, fields, models


class HcWorkQueue(models.Model):
    """How fast a queue must work, and what is routed to it; its people are everyday business."""

    _name = "hc.work.queue"
    _inherit = ["hc.work.queue", "hc.config.controlled.mixin"]
    _config_fields = (
        "sla_hours",
        "sla_hours_critical",
        "resource_calendar_id",
        "code",
        "company_id",
        "active",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A new queue would take work over by its code: it rests until somebody else agrees.
        if not self._is_loading_registry():
            vals_list = [{**vals, "active": False} for vals in vals_list]
        return super().create(vals_list)


class HcAutomation(models.Model):
    """Whether and where an automation acts; stopping it needs no second person."""

    _name = "hc.automation"
    _inherit = ["hc.automation", "hc.config.controlled.mixin"]
    _config_fields = ("mode", "company_ids", "facility_ids", "payer_type", "segment_domain")
    # A life cycle; see _config_write.
    _config_guarded_elsewhere = frozenset({"mode"})

    def _config_write(self, values):
        values = dict(values)
        mode = values.pop("mode", None)
        super()._config_write(values)
        if mode:
            self._set_mode(mode, self.env._("configuration change"))

    def _stop(self, reason):
        super()._stop(reason)
        self.env["hc.config.version"]._take(self.sudo(), "stop")


class HcSuiteConfigMixin(models.AbstractModel):
    """Native records: those that the suite ships are controlled, all others are Odoo's business."""

    _name = "hc.suite.config.mixin"
    _description = "Controlled Record of the Suite"
    _inherit = ["hc.suite.record.mixin", "hc.config.controlled.mixin"]
    _config_may_try = False

    def _filter_config_controlled(self):
        # A record that has versions stays controlled when somebody takes its XML id away.
        shipped = set(self._get_suite_ids())
        rest = [record_id for record_id in self._origin.ids if record_id not in shipped]
        rows = (
            self.env["hc.config.version"]
            .sudo()
            ._read_group([("res_model", "=", self._name), ("res_id", "in", rest)], ["res_id"])
        )
        shipped.update(row[0] for row in rows)
        return self._origin.filtered(lambda record: record.id in shipped)


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = ["base.automation", "hc.suite.config.mixin"]
    _config_fields = (
        "active",
        "name",
        "model_id",
        "trigger",
        "trigger_field_ids",
        "filter_pre_domain",
        "filter_domain",
        "trg_date_range",
        "trg_date_range_type",
    )


class IrCron(models.Model):
    _name = "ir.cron"
    _inherit = ["ir.cron", "hc.suite.config.mixin"]
    _config_fields = (
        "active",
        "interval_number",
        "interval_type",
        "nextcall",
        "priority",
        "user_id",
    )
    # Odoo itself moves it on after every run, by SQL.
    _config_volatile_fields = frozenset({"nextcall"})


class IrActionsServer(models.Model):
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


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "hc.suite.config.mixin"]
    _config_fields = (
        "name",
        "active",
        "model_id",
        "subject",
        "body_html",
        "email_from",
        "email_to",
        "email_cc",
        "partner_to",
        "reply_to",
        "mail_server_id",
    )
