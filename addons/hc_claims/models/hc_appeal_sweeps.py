# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The sweeps: deadlines of denials and appeals that come near or are missed, missing documents."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..lifecycles import DENIAL_OPEN_STATES, DENIAL_TO_DO_STATES
from .hc_denial_value import URGENT_DAYS

_UNSENT_STATES = ("draft", "approved")
_DOCUMENT_DAYS = 3


class HcDenial(models.Model):
    _inherit = "hc.denial"

    @api.model
    def _cron_sweep_deadlines(self, as_of=None):
        """Scheduled Action: denials of which the last day comes near, or has passed."""
        as_of = as_of or self._get_today()
        self._run_in_batches(Domain("state", "in", DENIAL_OPEN_STATES), "_refresh_chances")
        self._run_in_batches(
            Domain("state", "in", DENIAL_TO_DO_STATES)
            & Domain("deadline", "<=", as_of + timedelta(days=URGENT_DAYS)),
            "_open_deadline_items",
        )

    def _open_deadline_items(self):
        today = self._get_today()
        policies = self.env["hc.denial.policy"]._get_by_category()
        nobody = self.env["hc.denial.policy"]
        self.env["hc.work.item"]._open(
            [
                denial._prepare_work_item_vals(
                    "", policies.get(denial.category, nobody), denial.amount_denied
                )
                | denial._prepare_deadline_item(denial.deadline < today)
                for denial in self
            ]
        )

    def _prepare_deadline_item(self, is_missed):
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
        as_of = as_of or self._get_today()
        unsent = Domain("state", "in", _UNSENT_STATES)
        self._run_in_batches(
            unsent & Domain("deadline", "<=", as_of + timedelta(days=URGENT_DAYS)),
            "_open_deadline_items",
        )
        waiting = fields.Datetime.to_datetime(as_of - timedelta(days=_DOCUMENT_DAYS))
        self._run_in_batches(
            Domain([("state", "=", "draft"), ("create_date", "<", waiting)]),
            "_open_document_items",
        )

    def _open_deadline_items(self):
        today = self._get_today()
        self.env["hc.work.item"]._open(
            [appeal._prepare_deadline_item(appeal.deadline < today) for appeal in self]
        )

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
