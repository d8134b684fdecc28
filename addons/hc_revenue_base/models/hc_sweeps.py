# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The sweeps: Scheduled Actions that find what nobody is looking at."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .hc_billing_case_flow import PRE_BILL_STAGES
from .hc_work_item import OPEN_STATES

_STALLING_STAGES = (*(s for s in PRE_BILL_STAGES if s != "exception"), "reopened")


class HcEncounter(models.Model):
    _inherit = "hc.encounter"

    def _cron_sweep_charges(self, as_of=None):
        """Scheduled Action: completed encounters without services, or without charges in time."""
        as_of = as_of or fields.Date.context_today(self)
        parts = []
        for facility in self.env["hc.facility"].search([("active", "=", True)]):
            limit = as_of - timedelta(days=facility.charge_lag_days)
            late = Domain(
                [
                    ("facility_id", "=", facility.id),
                    ("state", "=", "completed"),
                    ("ended_at", "<", limit),
                ]
            )
            without_services = late & Domain("service_line_ids", "=", False)
            without_charges = (
                late
                & Domain("service_line_ids.charge_ids", "=", False)
                & Domain("service_line_ids", "!=", False)
            )
            parts += [
                (facility.id, self, without_services, "_open_missing_charge"),
                (facility.id, self, without_charges, "_open_charge_lag"),
            ]
        self._run_in_parts(parts)

    def _open_missing_charge(self):
        self._open_charge_items(
            "missing_charge",
            "charge_integrity",
            self.env._("No service documented"),
            self.env._(
                "The visit is over and nothing was documented to charge. Document the "
                "services, or cancel the encounter."
            ),
        )

    def _open_charge_lag(self):
        self._open_charge_items(
            "charge_lag",
            "coding",
            self.env._("Services not charged in time"),
            self.env._(
                "Services are documented but not charged. Approve the codes so that the "
                "encounter can be billed."
            ),
        )

    def _open_charge_items(self, kind, queue_code, title, description):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": kind,
                    "severity": "warning",
                    "queue_code": queue_code,
                    "dedup_key": f"{kind}:{encounter.id}",
                    "name": f"{encounter.number}: {title}",
                    "description": description,
                    "company_id": encounter.company_id.id,
                    "facility_id": encounter.facility_id.id,
                    "res_model": encounter._name,
                    "res_id": encounter.id,
                }
                for encounter in self
            ]
        )


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    def _cron_sweep_stalled(self):
        """Scheduled Action: cases that stay in one stage for too long."""
        now = self.env.cr.now()
        parts = []
        for facility in self.env["hc.facility"].search([("active", "=", True)]):
            limit = now - timedelta(days=facility.stalled_days)
            stalled = Domain(
                [
                    ("facility_id", "=", facility.id),
                    ("stage", "in", _STALLING_STAGES),
                    ("stage_entered_at", "<", limit),
                ]
            )
            parts.append((facility.id, self, stalled, "_open_stalled"))
        self._run_in_parts(parts)

    def _open_stalled(self):
        labels = dict(self._fields["stage"]._description_selection(self.env))
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "stalled",
                    "severity": "warning",
                    "queue_code": "billing",
                    "dedup_key": f"stalled:{case.id}:{case.stage}",
                    "name": self.env._(
                        "%(case)s has not moved: %(stage)s",
                        case=case.name,
                        stage=labels[case.stage],
                    ),
                    "description": self.env._(
                        "In this stage since %(date)s. Open the case and see what it waits for.",
                        date=fields.Date.to_string(case.stage_entered_at.date()),
                    ),
                    "company_id": case.company_id.id,
                    "facility_id": case.facility_id.id,
                    "case_id": case.id,
                }
                for case in self
            ]
        )

    def _prepare_move_vals(self, target, field_name):
        # Whatever moves is not stalled any more.
        self.work_item_ids.filtered(
            lambda item: item.kind == "stalled" and item.state in OPEN_STATES
        ).sudo()._resolve("fixed")
        return super()._prepare_move_vals(target, field_name)


class HcWorkItem(models.Model):
    _name = "hc.work.item"
    _inherit = ["hc.work.item", "hc.batch.mixin"]

    def _cron_sweep_overdue(self):
        """Scheduled Action: tell the lead of the queue, once, that an item is overdue."""
        self._run_in_batches(
            Domain(
                [
                    ("state", "in", OPEN_STATES),
                    ("due_at", "<", self.env.cr.now()),
                    ("overdue_notified_at", "=", False),
                ]
            ),
            "_notify_overdue",
        )

    def _notify_overdue(self):
        now = self.env.cr.now().replace(microsecond=0)
        for item in self.filtered("queue_id.lead_id"):
            item.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Overdue: %(item)s", item=item.name),
                user_id=item.queue_id.lead_id.id,
            )
        self._write_guarded({"overdue_notified_at": now})
        for item in self:
            item._log_decision(
                kind="event", reason=self.env._("overdue"), facts={"queue": item.queue_id.code}
            )
