# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..hc_core import lifecycles
from .hc_coding_query_template import QUERY_CATEGORIES
from .hc_patient import CLINICAL_GROUP

# What the clinician was asked stays as it was asked.
_QUESTION_FIELDS = frozenset(
    {
        "encounter_id",
        "service_line_ids",
        "practitioner_id",
        "template_id",
        "category",
        "question",
        "clinical_indicators",
    }
)


class HcCodingQuery(models.Model):
    """A coder's question to the clinician whose documentation is unclear, and the answer.

    A query that waits for its answer, or whose answer no coder has worked in yet, holds the
    billing case by two readiness rules.
    """

    _name = "hc.coding.query"
    _description = "Coding Query"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_at, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.CODING_QUERY}
    _guarded_fields = frozenset(
        {"name", "owner_id", "sent_at", "due_at", "answered_at", "answered_by_id"}
    )

    name = fields.Char("Query No.", required=True, readonly=True, copy=False, default="New")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    encounter_id = fields.Many2one(
        "hc.encounter", required=True, index=True, check_company=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="encounter_id.patient_id")
    facility_id = fields.Many2one(related="encounter_id.facility_id", store=True, index=True)
    company_id = fields.Many2one(related="encounter_id.company_id", store=True, index=True)
    service_line_ids = fields.Many2many(
        "hc.service.line", string="Services", domain="[('encounter_id', '=', encounter_id)]"
    )
    practitioner_id = fields.Many2one(
        "hc.practitioner",
        "Clinician",
        required=True,
        index=True,
        check_company=True,
        compute="_compute_practitioner",
        store=True,
        precompute=True,
        readonly=False,
    )
    owner_id = fields.Many2one(
        "res.users",
        "Coder",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        default=lambda self: self.env.user,
    )
    template_id = fields.Many2one("hc.coding.query.template", ondelete="set null")
    category = fields.Selection(QUERY_CATEGORIES, required=True, default="other")
    question = fields.Text(groups=CLINICAL_GROUP)
    clinical_indicators = fields.Text(
        groups=CLINICAL_GROUP, help="What the record says, with its place and date, that raises it."
    )
    answer = fields.Text(copy=False, groups=CLINICAL_GROUP)
    sent_at = fields.Datetime(readonly=True, copy=False)
    due_at = fields.Datetime("Answer Due", readonly=True, copy=False, index=True)
    answered_at = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    is_mine_to_answer = fields.Boolean(compute="_compute_is_mine_to_answer")

    @api.depends("encounter_id")
    def _compute_practitioner(self):
        for query in self:
            query.practitioner_id = query.practitioner_id or query.encounter_id.attending_id

    @api.depends("practitioner_id", "state")
    @api.depends_context("uid")
    def _compute_is_mine_to_answer(self):
        for query in self:
            query.is_mine_to_answer = query.state == "sent" and query._may_answer()

    @api.onchange("template_id")
    def _onchange_template(self):
        if self.template_id:
            self.question = self.template_id.question
            self.category = self.template_id.category

    @api.constrains("answer")
    def _check_answer_after_question(self):
        if any(query.answer and query.state == "draft" for query in self):
            raise ValidationError(self.env._("Send the query before it is answered."))

    @api.constrains("service_line_ids", "encounter_id")
    def _check_services_of_encounter(self):
        for query in self:
            if query.service_line_ids.encounter_id - query.encounter_id:
                raise ValidationError(
                    self.env._("The services must be those of the query's encounter.")
                )

    def write(self, vals):
        if _QUESTION_FIELDS & vals.keys() and any(query.state != "draft" for query in self):
            raise UserError(
                self.env._("What was asked stays as it was asked. Cancel the query and ask again.")
            )
        if "answer" in vals:
            self._check_may_answer()
        return super().write(vals)

    def _may_answer(self):
        """The clinician answers; for one without a user a coder records what they said."""
        self.ensure_one()
        clinician = self.practitioner_id.sudo().user_id
        if clinician:
            return clinician == self.env.user
        return self.env.user.has_group("hc_revenue_base.group_hc_coder")

    def _check_may_answer(self):
        for query in self:
            if query.state in ("answered", "closed"):
                raise UserError(
                    self.env._("%(query)s is answered, and the answer stays.", query=query.name)
                )
            if not self.env.su and not query._may_answer():
                raise self.env["hc.refused.attempt"]._refuse(
                    query,
                    "answer",
                    self.env._(
                        "Only %(clinician)s answers this query.",
                        clinician=query.practitioner_id.name,
                    ),
                    reason="not_the_clinician",
                )

    def action_send(self):
        """Ask the clinician: from now on the question stays and the clock runs."""
        self._transition("sent")

    def action_answer(self):
        """Give the answer; it cannot be changed afterwards."""
        self._check_may_answer()
        self._transition("answered", facts={"by_id": self._get_answer_facts()})

    def _get_answer_facts(self):
        return {query.id: {"practitioner": query.practitioner_id.id} for query in self}

    def action_close(self):
        """The coder has worked the answer into the codes."""
        self._transition("closed")

    def action_cancel(self):
        """The question is no longer of interest."""
        self._transition("cancelled")

    def _guard_state_sent(self):
        missing = self.env._("write the question and what in the record raises it")
        return {
            query.id: [missing]
            for query in self.sudo()
            if not (query.question or "").strip() or not (query.clinical_indicators or "").strip()
        }

    def _guard_state_answered(self):
        return {
            query.id: [self.env._("write the answer first")]
            for query in self.sudo()
            if not (query.answer or "").strip()
        }

    def _guard_state_closed(self):
        return self._guard_coder()

    def _guard_state_cancelled(self):
        return self._guard_coder()

    def _guard_coder(self):
        """Queries are ended by coders and those who lead them, not by whom they ask."""
        roles = ("coder", "supervisor")
        if self.env.su or any(
            self.env.user.has_group(f"hc_revenue_base.group_hc_{role}") for role in roles
        ):
            return {}
        return {query.id: [self.env._("only coders close or cancel queries")] for query in self}

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        now = self.env.cr.now().replace(microsecond=0)
        if target == "sent":
            vals["sent_at"] = now
        elif target == "answered":
            vals |= {"answered_at": now, "answered_by_id": self.env.uid}
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        queries = super().create(vals_list)
        for query in queries:
            query._write_guarded({"name": self.env["ir.sequence"].next_by_code(self._name)})
        return queries

    def _recheck_cases(self):
        """Let the readiness rules see what has changed, at the end of this transaction."""
        self.sudo().encounter_id._queue_billing()

    def _on_state_answered(self, previous):
        self._finish_reminders()
        self._recheck_cases()
        for query in self:
            query.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Answered: %(query)s", query=query.name),
                user_id=query.owner_id.id,
            )

    def _on_state_closed(self, previous):
        self._finish_reminders()
        self._recheck_cases()

    def _on_state_cancelled(self, previous):
        self._finish_reminders()
        self._recheck_cases()
