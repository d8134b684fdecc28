# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from .hc_work_item import OPEN_STATES

_APPROVING_GROUPS = (
    "hc_revenue_base.group_hc_manager",
    "hc_revenue_base.group_hc_compliance",
    "hc_revenue_base.group_hc_administrator",
)


class HcConfigChange(models.Model):
    """Who decides a change, and how it takes effect."""

    _inherit = "hc.config.change"

    def _check_approver(self):
        """Refuse whoever may not be the second person.

        :raise AccessError: the requester, or somebody without a deciding role
        """
        self.ensure_one()
        self._check_not_requester()
        if self.state == "draft":
            self._raise_wrong_state("approved", "state")
        if not any(self.env.user.has_group(group) for group in _APPROVING_GROUPS):
            raise AccessError(
                self.env._(
                    "Managers, compliance officers and billing administrators decide "
                    "configuration changes."
                )
            )

    def _check_not_requester(self):
        if self.env.uid == self.requester_id.id:
            raise AccessError(
                self.env._(
                    "You proposed %(change)s: somebody else decides it, whatever your rights.",
                    change=self.name,
                )
            )

    def _agree(self):
        """Take the agreement of the current user; the change takes effect when it is due."""
        self.ensure_one()
        self._check_not_requester()
        self._transition("approved", on_behalf_of=self.requester_id)
        if not self.effective_at or self.effective_at <= self.env.cr.now():
            self._take_effect()

    def _prepare_move_vals(self, target, field_name):
        stamps = {}
        now = self.env.cr.now().replace(microsecond=0)
        if target in ("approved", "rejected"):
            stamps = {"decided_by_id": self.env.uid, "decided_at": now}
        elif target == "effective":
            stamps = {"took_effect_at": now}
        return super()._prepare_move_vals(target, field_name) | stamps

    def _on_state_submitted(self, previous):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "config_change",
                    "severity": "warning",
                    "queue_code": "compliance",
                    "dedup_key": f"config_change:{change.id}",
                    "name": self.env._("To decide: %(change)s", change=change.name),
                    "description": self.env._(
                        "Proposed by %(user)s: %(summary)s",
                        user=change.requester_id.name,
                        summary=change.summary,
                    ),
                    "res_model": change._name,
                    "res_id": change.id,
                }
                for change in self
            ]
        )

    def _on_state_approved(self, previous):
        self._resolve_items("config_change")

    def _on_state_rejected(self, previous):
        self._resolve_items("config_change")

    def _on_state_withdrawn(self, previous):
        self._resolve_items("config_change", "config_change_failed")
        pending = self.action_id.filtered(lambda action: action.state == "pending")
        pending._transition("void", reason=self.env._("withdrawn by the requester"))

    def _resolve_items(self, *kinds):
        self.env["hc.work.item"].sudo().search(
            [
                ("kind", "in", kinds),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
            ]
        )._resolve("fixed")

    def _cron_apply_due(self):
        """Scheduled Action: approved changes whose time has come take effect."""
        self._run_in_batches(
            Domain("state", "=", "approved") & Domain("effective_at", "<=", self.env.cr.now()),
            "_take_effect",
            batch_size=1,
        )

    def _take_effect(self):
        for change in self:
            change._transition(
                "effective", facts=change._get_facts(), on_behalf_of=change.requester_id
            )

    def _on_state_effective(self, previous):
        for change in self:
            record = change._get_record().sudo()
            getattr(change, f"_apply_{change.operation}")(record)
            self.env["hc.config.version"]._take(record, "change", change)
        self._resolve_items("config_change_failed")

    def _apply_values(self, record):
        record._config_write(self._get_new_values(record))

    def _get_new_values(self, record):
        """The values that differ, in the form in which they are written."""
        values = {}
        for line in self.line_ids.filtered("is_changed"):
            value = record._config_parse(line.field_name, line.new_value)
            relation = record._fields[line.field_name].type == "many2many"
            values[line.field_name] = [Command.set(value)] if relation else value
        return values

    def _apply_publish(self, record):
        record._transition("published", reason=self.reason, on_behalf_of=self.requester_id)

    def _apply_retire(self, record):
        record._transition("retired", reason=self.reason, on_behalf_of=self.requester_id)

    def _on_batch_error(self, method_name, message):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "config_change_failed",
                    "queue_code": "operations",
                    "dedup_key": f"config_change_failed:{self.id}",
                    "name": self.env._("Did not take effect: %(change)s", change=self.name),
                    "description": message,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
