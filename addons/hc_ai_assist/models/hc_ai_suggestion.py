# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .. import lifecycles
from ..hc_ai_core.tasks import TASKS

AI_GROUP = "hc_ai_assist.group_hc_ai_identity"
_FROZEN = (
    "policy_id company_id res_model res_id field_name value previous_value confidence reasons"
    " alternatives abstained_because evidence facts token provider requested_by_id latency_ms"
    " task_code task_version reviewer_id decided_at final_value reject_reason outcome_value"
    " outcome_at"
)


class HcAiSuggestion(models.Model):
    """One proposal for one field of one record, with its reasons; people decide about it.

    Inserted by the AI's own user, which may write nothing else; decided by :meth:`action_accept`
    and its siblings as the person who decides. Whoever may not read the record does not see what
    is proposed for it.
    """

    _name = "hc.ai.suggestion"
    _description = "AI Suggestion"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "confidence desc, id desc"
    _lifecycles = {"state": lifecycles.AI_SUGGESTION}
    _guarded_fields = frozenset(_FROZEN.split())

    policy_id = fields.Many2one(
        "hc.ai.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    res_model = fields.Char("Record Type (Technical)", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char("Record", compute="_compute_record_name")
    record_label = fields.Char("Record Type", related="policy_id.record_label")
    field_label = fields.Char("Field", related="policy_id.field_label")
    field_name = fields.Char("Field (Technical)", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    value = fields.Text("Proposed (Technical)", readonly=True)
    previous_value = fields.Text("Before (Technical)", readonly=True)
    value_label = fields.Char("Proposed", compute="_compute_value_labels")
    previous_label = fields.Char("Before", compute="_compute_value_labels")
    final_label = fields.Char("Decided", compute="_compute_value_labels")
    confidence = fields.Float(readonly=True, aggregator="avg")
    has_chance = fields.Boolean("Confidence Is a Chance", compute="_compute_has_chance")
    reasons = fields.Json(readonly=True)
    reasons_text = fields.Char("Why", compute="_compute_reasons_text")
    alternatives = fields.Json(readonly=True)
    abstained_because = fields.Selection(
        [
            ("not_trained", "Nothing Learned Yet"),
            ("below_floor", "Not Sure Enough"),
            ("not_offered", "Usual Value Not Offered Any More"),
            ("agrees", "Stands There Already"),
        ],
        readonly=True,
    )
    evidence = fields.Json(readonly=True)
    # Read with the rights of whoever asked, or answers for the policy: not for every reader.
    facts = fields.Json(
        readonly=True,
        groups=f"{AI_GROUP},hc_revenue_base.group_hc_administrator,"
        "hc_revenue_base.group_hc_compliance",
    )
    token = fields.Char(required=True, readonly=True)
    provider = fields.Char(required=True, readonly=True)
    task_code = fields.Char(required=True, readonly=True)
    task_version = fields.Integer(readonly=True, aggregator=None)
    latency_ms = fields.Integer("Took (ms)", readonly=True, aggregator="avg")
    requested_by_id = fields.Many2one("res.users", "Asked By", required=True, readonly=True)
    reviewer_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_at = fields.Datetime("Decided On", readonly=True)
    final_value = fields.Text("Decided (Technical)", readonly=True)
    reject_reason = fields.Char("Reason", readonly=True)
    outcome_value = fields.Text("Stood Later (Technical)", readonly=True)
    outcome_at = fields.Datetime("Compared On", readonly=True)
    is_right = fields.Boolean("Was Right", compute="_compute_is_right", store=True)

    _pending_once = models.UniqueIndex(
        "(policy_id, res_id) WHERE state = 'pending'", "There is a suggestion to review already."
    )
    _record_index = models.Index("(res_model, res_id)")

    def _is_logged_move(self, field_name, from_state, to_state):
        # What people decide is logged; what comes and goes by itself is its own record.
        return to_state in ("accepted", "edited", "rejected")

    @api.depends("task_code")
    def _compute_has_chance(self):
        for suggestion in self:
            task = TASKS.get(suggestion.task_code)
            suggestion.has_chance = bool(task and task.has_chance)

    @api.depends("value", "outcome_value")
    def _compute_is_right(self):
        for suggestion in self:
            if suggestion.purged_at:
                # The texts were erased; what was found out when they were compared stays.
                suggestion.is_right = suggestion.is_right
                continue
            suggestion.is_right = bool(
                suggestion.value and suggestion.value == suggestion.outcome_value
            )

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for suggestion in self:
            record = suggestion._get_record()
            suggestion.record_name = (
                record.display_name if record is not None and record.has_access("read") else ""
            )

    @api.depends("reasons")
    def _compute_reasons_text(self):
        for suggestion in self:
            suggestion.reasons_text = "; ".join(suggestion.reasons or ())

    @api.depends("value", "previous_value", "final_value", "field_name", "res_model")
    def _compute_value_labels(self):
        for suggestion in self:
            for label, value in (
                ("value_label", suggestion.value),
                ("previous_label", suggestion.previous_value),
                ("final_label", suggestion.final_value),
            ):
                suggestion[label] = suggestion._describe(value)

    def _describe(self, value):
        """A value of the field as people read it."""
        field = self._get_field()
        if not value or field is None:
            return value or ""
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(int(value))
            return record.display_name if record.exists() and record.has_access("read") else ""
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return labels.get(value, value)
        return value

    def _get_field(self):
        model = self.env.get(self.res_model)
        return None if model is None else model._fields.get(self.field_name)

    def _get_record(self):
        """The record that it is about; None where its module is gone."""
        model = self.env.get(self.res_model)
        return None if model is None else model.browse(self.res_id).exists()

    @api.model
    def _record(self, policy, prepared):
        """Put advice on record: the one way in, by the AI's own user.

        :param policy: whose advice it is
        :param list prepared: values
        :return: the suggestions; an older one about the same field of the same record is over
        """
        policy_sudo = policy.sudo()
        older = self.search(
            [
                ("policy_id", "=", policy.id),
                ("res_id", "in", [values["res_id"] for values in prepared]),
                ("state", "=", "pending"),
            ]
        )
        older._transition("superseded")
        older.flush_recordset(["state"])
        shared = {
            "policy_id": policy.id,
            "company_id": policy_sudo.company_id.id,
            "field_name": policy_sudo.field_name,
            "task_code": policy_sudo.task_code,
            "task_version": policy_sudo.task_version,
            "source": policy_sudo._get_source(),
        }
        created = self._create_guarded([values | shared for values in prepared])
        created.filtered("abstained_because")._transition("abstained")
        if policy_sudo.mode == "shadow":
            created.filtered(lambda each: each.state == "pending")._transition("shadow")
        return created

    def _is_overseer(self):
        """Whether the user sees all advice of the company without seeing its records."""
        return self.env.su or any(
            self.env.user.has_group(group)
            for group in (
                AI_GROUP,
                "hc_revenue_base.group_hc_administrator",
                "hc_revenue_base.group_hc_compliance",
            )
        )

    def _filter_readable(self):
        """Those about records that the user may read.

        In shadow nobody sees them until they were compared with what people decided.
        """
        by_model = defaultdict(set)
        for suggestion in self.sudo():
            by_model[suggestion.res_model].add(suggestion.res_id)
        readable = {
            name: set(self.env[name].browse(ids).exists()._filtered_access("read").ids)
            for name, ids in by_model.items()
            if name in self.env and self.env[name].has_access("read")
        }
        return self.browse(
            suggestion.id
            for suggestion in self.sudo()
            if (suggestion.state != "shadow" or suggestion.outcome_at)
            and suggestion.res_id in readable.get(suggestion.res_model, ())
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self._is_overseer():
            return result
        allowed = self - result[0] if result else self
        forbidden = allowed - allowed._filter_readable()
        if not forbidden:
            return result
        refused = forbidden | (result[0] if result else self.browse())
        message = self.env._("You may not read the record that this is about.")
        return refused, lambda: AccessError(message)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if bypass_access or self._is_overseer():
            return super()._search(
                domain, offset, limit, order, bypass_access=bypass_access, **kwargs
            )
        # Bounded: whoever pages further than this groups or filters first.
        query = super()._search(domain, 0, 10_000, order, **kwargs)
        found = self.browse(query)._filter_readable()
        return found[offset : offset + limit if limit else None]._as_query(order)
