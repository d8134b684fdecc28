# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import inspect

from odoo.tests import TransactionCase, tagged

# Whatever has no leading underscore is reached by every user through the external interface, with
# any arguments and any context. A new name here is a new door: does the method check the caller's
# rights on the record, take nothing from the context, and change nothing but by the life cycle?
ALLOWED = {
    "account.move": {"write"},
    "account.move.line": {"create", "write"},
    "account.partial.reconcile": {"create", "unlink"},
    "hc.action.evidence": {"create"},
    "hc.adjustment.code": {"get_import_templates"},
    "hc.append.only.mixin": {"create", "unlink", "write"},
    "hc.authorization.requirement": {"get_import_templates"},
    "hc.automation": {
        "action_mark_reviewed",
        "action_open_native",
        "action_open_runs",
        "action_open_stop",
        "create",
    },
    "hc.automation.stop.wizard": {"action_stop"},
    "hc.billing.case": {
        "action_check_readiness",
        "action_create_invoice",
        "action_open_balances",
        "action_open_cancel",
        "action_open_encounter",
        "action_open_evaluations",
        "action_open_findings",
        "action_open_invoices",
        "action_open_not_billable",
        "action_open_reopen",
        "action_open_void_rebill",
        "action_open_work_items",
        "action_resume",
    },
    "hc.case.decision.wizard": {"action_confirm"},
    "hc.charge.import.row": {"create", "get_import_templates"},
    "hc.charge.import.wizard": {"action_check", "action_download_sample", "action_import"},
    "hc.code": {"get_import_templates"},
    "hc.code.pair": {"get_import_templates"},
    "hc.code.unit.limit": {"get_import_templates"},
    "hc.coding.query": {
        "action_answer",
        "action_cancel",
        "action_close",
        "action_send",
        "create",
        "write",
    },
    "hc.config.change": {
        "action_approve",
        "action_open_record",
        "action_open_reject",
        "action_submit",
        "action_withdraw",
        "write",
    },
    "hc.config.change.line": {"write"},
    "hc.config.controlled.mixin": {
        "action_open_config_changes",
        "action_propose_change",
        "unlink",
        "write",
    },
    "hc.config.reject.wizard": {"action_reject"},
    "hc.config.version": {"action_open_record", "action_roll_back"},
    "hc.controlled.action": {"action_withdraw", "create"},
    "hc.encounter": {
        "action_approve_coding",
        "action_cancel",
        "action_complete",
        "action_open_cases",
        "action_prepare_billing",
        "action_reopen_coding",
        "action_start",
        "create",
        "write",
    },
    "hc.exchange": {"action_download_result", "action_open_rows", "action_process_again"},
    "hc.fee.schedule": {"get_import_templates"},
    "hc.finding.override.wizard": {"action_request"},
    "hc.guarded.mixin": {"create", "default_get", "onchange", "write"},
    "hc.home": {"get_home_data"},
    "hc.http.allowance": {"action_approve", "action_revoke", "create"},
    "hc.http.host": {"action_end_pause"},
    "hc.job": {"action_cancel", "action_open_records", "action_replay", "action_send_test_job"},
    "hc.kpi.dashboard": {"get_drill_down", "get_groups", "get_overview"},
    "hc.lifecycle.mixin": {"action_open_transitions", "create"},
    "hc.operation": {"run"},
    "hc.patient": {"action_open_cases", "action_open_encounters", "create"},
    "hc.payer": {"create", "write"},
    "hc.phi.mixin": {"name_search"},
    "hc.provider.adjustment.code": {"get_import_templates"},
    "hc.readiness.backtest": {"action_run"},
    "hc.readiness.backtest.case": {"action_open_case"},
    "hc.readiness.condition": {"create", "write"},
    "hc.readiness.finding": {"action_fix", "action_open_case", "action_override"},
    "hc.readiness.rule": {"create", "write"},
    "hc.readiness.rule.set": {
        "action_new_draft",
        "action_open_backtest",
        "action_publish",
        "action_retire",
        "write",
    },
    "hc.remittance.code.mixin": {"create"},
    "hc.secret": {"action_end_previous", "create", "write"},
    "hc.transition": {"action_open_record"},
    "hc.work.item": {
        "action_fix",
        "action_open_reassign",
        "action_open_source",
        "action_release",
        "action_resolve",
        "action_take",
    },
    "hc.work.item.reassign.wizard": {"action_apply", "default_get"},
    "hc.work.queue": {
        "action_open_items",
        "action_open_overdue",
        "action_open_unassigned",
        "create",
    },
    "ir.actions.server": {"run"},
    "ir.attachment": {"unlink", "write"},
    "ir.mail_server": {"send_email"},
}
_MODULE = "odoo.addons.hc_revenue_base."


@tagged("post_install", "-at_install")
class TestSecurityPublicMethods(TransactionCase):
    def _own_names(self, model):
        return {
            name
            for cls in model.mro()
            if cls.__module__.startswith(_MODULE)
            for name, member in vars(cls).items()
            if not name.startswith("_")
            and inspect.isfunction(member)
            and not self._is_private(model, name)
        }

    def _is_private(self, model, name):
        return any(getattr(vars(cls).get(name), "_api_private", False) for cls in model.mro())

    def test_every_public_method_is_on_the_list(self):
        new = {
            model_name: sorted(extra)
            for model_name, model in self.env.registry.items()
            if (extra := self._own_names(model) - self._get_allowed(model))
        }
        self.assertEqual(new, {}, "public methods that the list does not allow")

    def test_the_list_names_no_method_that_is_gone(self):
        gone = {
            model_name: sorted(missing)
            for model_name, names in ALLOWED.items()
            if (missing := names - self._own_names(self.env.registry[model_name]))
        }
        self.assertEqual(gone, {}, "remove them from the list")

    def _get_allowed(self, model):
        """Names allowed for a model and the mixins that it inherits."""
        names = {getattr(cls, "_name", None) for cls in model.mro()}
        return set().union(*(ALLOWED[name] for name in names if name in ALLOWED))
