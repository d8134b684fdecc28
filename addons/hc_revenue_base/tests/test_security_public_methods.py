# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import inspect

from odoo.tests import TransactionCase, tagged

# Whatever has no leading underscore is reached by every user through the external interface, with
# any arguments and any context. A new name here is a new door: does the method check the caller's
# rights on the record, take nothing from the context, and change nothing but by the life cycle?
ALLOWED = {
    "hc.append.only.mixin": {"create", "unlink", "write"},
    "hc.action.evidence": {"create"},
    "hc.authorization.requirement": {"get_import_templates"},
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
    "hc.lifecycle.mixin": {"action_open_transitions", "create"},
    "hc.patient": {"action_open_cases", "action_open_encounters", "create"},
    "hc.payer": {"create", "write"},
    "hc.phi.mixin": {"name_search"},
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
    "hc.work.queue": {"action_open_items", "action_open_overdue", "action_open_unassigned"},
    "account.move": {"write"},
    "account.move.line": {"create", "write"},
    "account.partial.reconcile": {"create", "unlink"},
    "ir.attachment": {"unlink", "write"},
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
