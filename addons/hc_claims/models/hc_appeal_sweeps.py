# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The sweeps: deadlines of denials and appeals that come near or are missed, missing documents."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..lifecycles import APPEAL_WON_STATES, DENIAL_OPEN_STATES, DENIAL_TO_DO_STATES
from .hc_denial_value import URGENT_DAYS

_UNSENT_STATES = ("draft", "approved")
_DOCUMENT_DAYS = 3
_PAYMENT_DAYS = 30


def _get_facility_days(records, as_of):
    """``(facility, day)`` of all facilities: each has its own day, unless one is given."""
    facilities = records.env["hc.facility"].search([("active", "in", (True, False))])
    for facility in facilities:
        yield facility, as_of or facility._get_local_day()


def _get_deadline_domains(today):
    """Deadlines that were missed, and those that come near."""
    last = today + timedelta(days=URGENT_DAYS)
    return (
        Domain("deadline", "<", today),
        Domain("deadline", ">=", today) & Domain("deadline", "<=", last),
    )


class HcDenial(models.Model):
    _inherit = "hc.denial"

    @api.model
    def _cron_sweep_deadlines(self, as_of=None):
        """Scheduled Action: denials of which the last day comes near, or has passed."""
        self._run_in_batches(Domain("state", "in", DENIAL_OPEN_STATES), "_refresh_chances")
        to_do = Domain("state", "in", DENIAL_TO_DO_STATES) | Domain(
            [
                ("state", "=", "overturned"),
                ("appeal_ids", "any", [("state", "=", "partly_overturned")]),
            ]
        )
        for facility, today in _get_facility_days(self, as_of):
            here = Domain("facility_id", "=", facility.id)
            missed, near = _get_deadline_domains(today)
            self._run_in_batches(here & to_do & missed, "_open_missed_items")
            self._run_in_batches(here & to_do & near, "_open_near_items")
            self._run_in_batches(
                here & self._get_unpaid_domain(today - timedelta(days=_PAYMENT_DAYS)),
                "_open_unpaid_items",
            )

    @api.model
    def _get_unpaid_domain(self, limit):
        """Denials whose appeal was won before a day, and that no payment has closed since."""
        won = Domain("state", "in", APPEAL_WON_STATES)
        return Domain(
            [
                ("state", "=", "overturned"),
                ("appeal_ids", "any", won & Domain("decided_on", "<", limit)),
                ("appeal_ids", "not any", won & Domain("decided_on", ">=", limit)),
            ]
        )

    def _open_missed_items(self):
        self._open_line_items(lambda denial: denial._prepare_deadline_item(True))

    def _open_near_items(self):
        self._open_line_items(lambda denial: denial._prepare_deadline_item(False))

    def _open_unpaid_items(self):
        self._open_line_items(lambda denial: denial._prepare_unpaid_item())

    def _open_line_items(self, prepare):
        policies = self.env["hc.denial.policy"]._get_by_category()
        nobody = self.env["hc.denial.policy"]
        self.env["hc.work.item"]._open(
            [
                denial._prepare_work_item_vals(
                    "", policies.get(denial.category, nobody), denial.amount_denied
                )
                | values
                for denial in self
                if (values := prepare(denial))
            ]
        )

    def _prepare_unpaid_item(self):
        return {
            "kind": "denial_unpaid",
            "dedup_key": f"denial_unpaid:{self.id}:{self.level}",
            "name": self.env._("%s: the appeal was won, but nothing was paid", self.name),
            "severity": "error",
            "description": self.env._(
                "Ask the payer for the payment. If it does not pay, choose Not Paid on the denial."
            ),
        }

    def _prepare_deadline_item(self, is_missed):
        if self.state == "overturned" and not self._get_partly_won_appeal():
            return {}
        values = {"denial": self.name, "day": self.deadline}
        common = {
            "kind": "denial_deadline",
            "dedup_key": f"denial_deadline:{self.id}:{self.level}:{int(is_missed)}",
        }
        if is_missed:
            return common | {
                "name": self.env._("%(denial)s: the last day was %(day)s", **values),
                "severity": "error",
                "description": self.env._(
                    "An appeal needs good cause now. If there is none, request the write-off."
                ),
            }
        return common | {
            "name": self.env._("%(denial)s: the last day is %(day)s", **values),
            "severity": "critical",
        }


class HcAppeal(models.Model):
    _inherit = "hc.appeal"

    @api.model
    def _cron_sweep_appeals(self, as_of=None):
        """Scheduled Action: appeals that are not sent in time, or wait for documents."""
        unsent = Domain("state", "in", _UNSENT_STATES)
        for facility, today in _get_facility_days(self, as_of):
            here = Domain("facility_id", "=", facility.id)
            missed, near = _get_deadline_domains(today)
            self._run_in_batches(here & unsent & missed, "_open_missed_items")
            self._run_in_batches(here & unsent & near, "_open_near_items")
            waiting = fields.Datetime.to_datetime(today - timedelta(days=_DOCUMENT_DAYS))
            self._run_in_batches(
                here & Domain([("state", "=", "draft"), ("create_date", "<", waiting)]),
                "_open_document_items",
            )

    def _open_missed_items(self):
        self.env["hc.work.item"]._open([each._prepare_deadline_item(True) for each in self])

    def _open_near_items(self):
        self.env["hc.work.item"]._open([each._prepare_deadline_item(False) for each in self])

    def _prepare_deadline_item(self, is_missed):
        values = {"appeal": self.name, "day": self.deadline}
        if is_missed:
            return self._prepare_work_item_vals(
                "appeal_deadline",
                f"{self.level}:missed",
                self.env._("%(appeal)s was to be sent by %(day)s", **values),
                self.env._("A late appeal needs good cause."),
            )
        return self._prepare_work_item_vals(
            "appeal_deadline",
            f"{self.level}:near",
            self.env._("%(appeal)s is to be sent by %(day)s", **values),
            self.env._("Complete the evidence, approve the letter and send the packet."),
            severity="critical",
        )

    def _open_document_items(self):
        self.env["hc.work.item"]._open(
            [
                appeal._prepare_work_item_vals(
                    "appeal_documents",
                    "missing",
                    self.env._("%(appeal)s waits for documents", appeal=appeal.name),
                    "\n".join(appeal._get_missing_evidence().mapped("name")),
                    severity="warning",
                    queue_code="him",
                )
                for appeal in self
                if appeal.missing_count
            ]
        )

    def _prepare_work_item_vals(self, kind, key, name, description, **values):
        self.ensure_one()
        return {
            "kind": kind,
            "queue_code": "billing",
            "dedup_key": f"{kind}:{self.id}:{key}",
            "name": name,
            "description": description,
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "case_id": self.case_id.id,
            "res_model": self._name,
            "res_id": self.id,
            **values,
        }

    def _resolve_work_items(self, kinds=None):
        domain = Domain(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", OPEN_STATES),
            ]
        )
        if kinds:
            domain &= Domain("kind", "in", kinds)
        self.env["hc.work.item"].sudo().search(domain)._resolve("fixed")
