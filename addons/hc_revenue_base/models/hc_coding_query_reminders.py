# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.fields import Domain

from .hc_work_item import OPEN_STATES

QUEUE_CODE = "coding_query"
# Rungs of the ladder: nothing yet, the clinician is reminded, the supervisor's queue has it.
_REMINDED, _ESCALATED = 1, 2


class HcCodingQuery(models.Model):
    """Telling the clinician, reminding them, and then telling the coder's supervisor."""

    _inherit = "hc.coding.query"

    escalation_level = fields.Integer("Reminders", readonly=True, copy=False, aggregator=None)
    next_reminder_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    work_item_id = fields.Many2one(
        "hc.work.item", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "escalation_level",
            "next_reminder_at",
            "work_item_id",
        }

    def _on_state_sent(self, previous):
        for query in self:
            due_at = query._get_next_due_at()
            query._write_guarded({"due_at": due_at, "next_reminder_at": due_at})
        self._tell_clinicians()
        self._recheck_cases()

    def _get_next_due_at(self):
        """When the time to answer that starts now ends, in working hours."""
        queue = self.env["hc.work.queue"]._get_by_code(QUEUE_CODE, self.company_id)
        return self.env["hc.work.item"]._get_due_at(queue, self.facility_id, "error")

    def _tell_clinicians(self):
        """An activity for who has a user, else an e-mail; neither says whom it is about."""
        template = self.env.ref("hc_revenue_base.mail_template_coding_query", False)
        for query in self:
            clinician = query.practitioner_id.sudo()
            if clinician.user_id:
                query.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Please answer %(query)s", query=query.name),
                    date_deadline=fields.Date.to_date(query.due_at) or None,
                    user_id=clinician.user_id.id,
                )
            elif clinician.email and template:
                template.sudo().send_mail(query.id)

    def _cron_remind(self):
        """Scheduled Action: remind clinicians of late answers, then tell the supervisors."""
        self._run_in_batches(
            Domain([("state", "=", "sent"), ("next_reminder_at", "<=", self.env.cr.now())]),
            "_remind",
        )

    def _remind(self):
        for query in self:
            level = query.escalation_level + 1
            if level == _REMINDED:
                query._tell_clinicians()
                next_reminder_at = query._get_next_due_at()
            else:
                query._open_escalation()
                next_reminder_at = False
            query._write_guarded({"escalation_level": level, "next_reminder_at": next_reminder_at})
            query._log_decision(
                kind="event",
                reason=self.env._("escalated") if level >= _ESCALATED else self.env._("reminded"),
                facts={"level": level, "practitioner": query.practitioner_id.id},
            )

    def _open_escalation(self):
        self.ensure_one()
        item = self.env["hc.work.item"]._open(
            [
                {
                    "kind": "coding_query",
                    "severity": "warning",
                    "queue_code": QUEUE_CODE,
                    "dedup_key": f"coding_query:{self.id}",
                    "name": self.env._(
                        "%(query)s: %(clinician)s has not answered",
                        query=self.name,
                        clinician=self.practitioner_id.name,
                    ),
                    "description": self.env._(
                        "The clinician was asked and reminded. Call them, or cancel the query and "
                        "code what is documented."
                    ),
                    "company_id": self.company_id.id,
                    "facility_id": self.facility_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
        self._write_guarded({"work_item_id": item.id})

    def _finish_reminders(self):
        """Nobody waits for the clinician any more."""
        self._write_guarded({"next_reminder_at": False})
        self.activity_unlink(["mail.mail_activity_data_todo"])
        items_sudo = self.sudo().work_item_id.filtered(lambda item: item.state in OPEN_STATES)
        items_sudo._resolve("fixed")

    def _on_batch_error(self, method_name, message):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "coding_query",
                    "queue_code": QUEUE_CODE,
                    "dedup_key": f"coding_query_failed:{self.id}",
                    "name": self.env._("%(query)s: no reminder could be sent", query=self.name),
                    "description": message,
                    "company_id": self.company_id.id,
                    "facility_id": self.facility_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("coding_query", "Coding Query")],
        ondelete={"coding_query": "set default"},
    )


class HcPractitioner(models.Model):
    _inherit = "hc.practitioner"

    email = fields.Char(
        help="Where notices of coding queries go for a practitioner without a user. They name the "
        "query, never the patient."
    )


class HcEncounter(models.Model):
    _inherit = "hc.encounter"

    coding_query_ids = fields.One2many("hc.coding.query", "encounter_id", "Coding Queries")
    coding_query_count = fields.Integer("Queries", compute="_compute_coding_query_count")

    @api.depends("coding_query_ids")
    def _compute_coding_query_count(self):
        counts = dict(
            self.env["hc.coding.query"]
            .sudo()
            ._read_group([("encounter_id", "in", self.ids)], ["encounter_id"], ["__count"])
        )
        for encounter in self:
            encounter.coding_query_count = counts.get(encounter._origin.sudo(), 0)


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    coding_query_count = fields.Integer(related="encounter_id.coding_query_count")
