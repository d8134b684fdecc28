# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import lifecycles
from ..hc_ai_core.tasks import LOWEST_FLOOR, TASKS, find_task

# Decided cases in shadow before advice may be shown, and how many of them it has to have right.
LEAST_DECIDED = 50
LEAST_ACCURACY = 0.8
_STOPPING_GROUPS = (
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_supervisor",
)


class HcAiPolicy(models.Model):
    """What advice may be given about: one field of one kind of record, in one company.

    The field is one that the record's own module declares for review (``hc.reviewable.mixin``);
    this module knows none of them by name.
    """

    _name = "hc.ai.policy"
    _description = "AI Policy"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _order = "res_model, field_name, company_id, id"
    _check_company_auto = True
    _lifecycles = {"mode": lifecycles.AI_POLICY}
    _guarded_fields = frozenset(
        {
            "company_id",
            "res_model",
            "field_name",
            "task_code",
            "model_data",
            "trained_at",
            "trained_count",
        }
        | {"calibration_data"}
    )
    _guarded_after_create = frozenset({"company_id", "res_model", "field_name", "task_code"})

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    res_model = fields.Char("Record Type (Technical)", required=True, readonly=True)
    field_name = fields.Char("Field (Technical)", required=True, readonly=True)
    record_label = fields.Char("Record Type", compute="_compute_labels")
    field_label = fields.Char("Field", compute="_compute_labels")
    task_code = fields.Selection(
        selection=[(task.code, task.name) for task in TASKS.values()],
        string="Task",
        required=True,
        readonly=True,
    )
    task_version = fields.Integer(compute="_compute_labels")
    mode = fields.Selection(
        selection=lambda self: self._get_lifecycle("mode").selection(),
        default="off",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    floor = fields.Float(
        "Lowest Confidence",
        required=True,
        default=0.7,
        tracking=True,
        help="Below it, it abstains. 0.5 to 1.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        "Reads As",
        tracking=True,
        domain=[("share", "=", False)],
        help="Facts are read with the rights of this person, for advice that nobody asked for.",
    )
    patience_days = fields.Integer(
        "Expires After (days)", default=14, required=True, help="Nobody decided: it goes away."
    )
    model_data = fields.Json(readonly=True, copy=False, groups="base.group_system")
    calibration_data = fields.Json(readonly=True, copy=False, groups="base.group_system")
    trained_at = fields.Datetime("Learned On", readonly=True, copy=False)
    trained_count = fields.Integer("Learned From", readonly=True, copy=False)

    _one_each = models.UniqueIndex(
        "(company_id, res_model, field_name)", "There is a policy for this field already."
    )
    _floor_bounded = models.Constraint(
        "CHECK (floor BETWEEN 0.5 AND 1)", "The lowest confidence is between 0.5 and 1."
    )
    _patience_bounded = models.Constraint(
        "CHECK (patience_days BETWEEN 1 AND 365)", "Advice expires after 1 to 365 days."
    )

    @api.depends("res_model", "field_name", "task_code")
    def _compute_labels(self):
        for policy in self:
            model = self.env.get(policy.res_model)
            field = None if model is None else model._fields.get(policy.field_name)
            policy.record_label = policy.res_model if model is None else model._description
            policy.field_label = (
                field._description_string(self.env) if field else policy._get_declared_label()
            )
            policy.task_version = TASKS[policy.task_code].version if policy.task_code else 0

    def _get_declared_label(self):
        """What a text that is no field of its record is called; its name where nothing says."""
        if self.res_model not in self.env:
            return self.field_name
        declared = self._get_declared_fields(self.res_model, self.company_id)
        field = declared.get(self.field_name)
        return field.label if field else self.field_name

    @api.depends("res_model", "field_name")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = f"{policy.record_label}: {policy.field_label}"

    @api.constrains("responsible_id", "company_id")
    def _check_responsible(self):
        for policy in self.filtered("responsible_id"):
            user_sudo = policy.responsible_id.sudo()
            if policy.company_id not in user_sudo.company_ids or user_sudo.share:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s.",
                        user=user_sudo.name,
                        company=policy.company_id.sudo().name,
                    )
                )

    @api.model
    def _get_reviewable_models(self):
        """Names of the models whose records take advice."""
        mixin = self.pool["hc.reviewable.mixin"]
        return sorted(
            name
            for name, model in self.pool.items()
            if issubclass(model, mixin) and not model._abstract and not model._transient
        )

    @api.model
    def _offer_missing(self):
        """Add a policy, switched off, for each field that is declared for review and has none."""
        companies = self.env["res.company"].sudo().search([("active", "=", True)])
        known = {
            (row["company_id"][0], row["res_model"], row["field_name"])
            for row in self.sudo().search_read(
                [("id", ">", 0)], ["company_id", "res_model", "field_name"]
            )
        }
        vals_list = [
            {
                "company_id": company.id,
                "res_model": model_name,
                "field_name": name,
                "task_code": task.code,
                "floor": max(task.floor, LOWEST_FLOOR),
            }
            for company in companies
            for model_name in self._get_reviewable_models()
            for name, field in self._get_declared_fields(model_name, company).items()
            if (task := find_task(field.type, field.task))
            and (company.id, model_name, name) not in known
        ]
        return self.sudo()._create_guarded(vals_list)

    @api.model
    def _get_declared_fields(self, model_name, company):
        """``ReviewField`` by name of a model, as an empty record of the company declares them."""
        model = self.env[model_name].sudo().with_company(company)
        values = {"company_id": company.id} if model._fields.get("company_id") else {}
        return model.new(values)._review_fields()

    def _guard_mode_live(self):
        """Only what did well in shadow is shown to people."""
        reasons = {}
        for policy in self:
            decided, accuracy = policy._get_shadow_result()
            problems = []
            if decided < LEAST_DECIDED:
                problems.append(
                    self.env._(
                        "In shadow, %(decided)s records were decided so far; %(least)s are needed.",
                        decided=decided,
                        least=LEAST_DECIDED,
                    )
                )
            elif accuracy < LEAST_ACCURACY:
                problems.append(
                    self.env._(
                        "In shadow, it was right in %(percent)s %% of decided records; "
                        "%(least)s %% are needed.",
                        percent=round(100 * accuracy),
                        least=round(100 * LEAST_ACCURACY),
                    )
                )
            if problems:
                reasons[policy.id] = problems
        return reasons

    def _guard_mode_shadow(self):
        """Somebody answers for what it reads."""
        return {
            policy.id: [self.env._("Choose the person as whom facts are read.")]
            for policy in self
            if not policy.responsible_id
        }

    def action_shadow(self):
        """Work advice out and compare it with what people decide, without showing it.

        What waits for review goes away: it is shown to nobody any more.
        """
        self._transition("shadow")
        pending = self.sudo()._get_pending()
        pending._transition("superseded", reason=self.env._("its policy is in shadow"))

    def action_live(self):
        """Show advice to the people who may decide on it."""
        self._transition("live")

    def action_off(self):
        """Stop at once; advice that waits for review goes away."""
        if not any(self.env.user.has_group(group) for group in _STOPPING_GROUPS):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "switch_off",
                self.env._("Ask a supervisor, operations or an administrator to switch it off."),
                reason="role",
            )
        policies = self.sudo()
        policies._transition("off")
        policies._get_pending()._transition("superseded", reason=self.env._("switched off"))

    def _get_pending(self):
        return self.env["hc.ai.suggestion"].search(
            [("policy_id", "in", self.ids), ("state", "=", "pending")]
        )
