# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

_FROZEN = (
    "policy_id company_id provider task_version started_at case_count answered_count"
    " right_count left_out_count accuracy coverage macro_f1 calibration_error"
    " latency_p95_ms problems worse confusion slices"
)


class HcAiEvaluation(models.Model):
    """How advice did on the gold cases at one time; nothing about it changes afterwards."""

    _name = "hc.ai.evaluation"
    _description = "AI Evaluation"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _guarded_fields = frozenset(_FROZEN.split())

    policy_id = fields.Many2one(
        "hc.ai.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    provider = fields.Char(required=True, readonly=True)
    task_version = fields.Integer(readonly=True, aggregator=None)
    started_at = fields.Datetime(required=True, readonly=True)
    case_count = fields.Integer("Cases", readonly=True)
    answered_count = fields.Integer("Answered", readonly=True)
    right_count = fields.Integer("Right", readonly=True)
    left_out_count = fields.Integer(
        "Left Out", readonly=True, help="It may have learned from these, so they prove nothing."
    )
    accuracy = fields.Float("Right of Answers", readonly=True, aggregator="avg")
    coverage = fields.Float("Answers Given", readonly=True, aggregator="avg")
    macro_f1 = fields.Float(readonly=True, aggregator="avg", digits=(6, 3))
    calibration_error = fields.Float(readonly=True, aggregator="avg", digits=(6, 3))
    latency_p95_ms = fields.Float("Latency P95 (ms)", readonly=True, aggregator="max")
    problems = fields.Text("Why Not Passed", readonly=True)
    worse = fields.Char("Worse Than Before", readonly=True)
    has_passed = fields.Boolean("Passed", compute="_compute_has_passed")
    confusion = fields.Json(readonly=True)
    slices = fields.Json(readonly=True)
    confusion_text = fields.Text("Wrong or Not Answered", compute="_compute_texts")
    slices_text = fields.Text("By Slice", compute="_compute_texts")

    @api.depends("problems")
    def _compute_has_passed(self):
        for evaluation in self:
            evaluation.has_passed = not evaluation.problems

    @api.depends("confusion", "slices")
    def _compute_texts(self):
        for evaluation in self:
            describe = (
                self.env["hc.ai.suggestion"]
                .new(
                    {
                        "res_model": evaluation.policy_id.sudo().res_model,
                        "field_name": evaluation.policy_id.sudo().field_name,
                    }
                )
                ._describe
            )
            evaluation.confusion_text = "\n".join(
                f"{describe(expected)} → {describe(answer) or '–'}: {count}"
                for expected, answer, count in evaluation.confusion or ()
                if expected != answer
            )
            evaluation.slices_text = "\n".join(
                f"{kind} {value}: {count}, {accuracy:.0%}, {coverage:.0%}"
                for kind, value, count, accuracy, coverage in evaluation.slices or ()
            )

    @api.depends("policy_id", "started_at")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = f"{evaluation.policy_id.display_name} #{evaluation.id}"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Evaluations are kept."))
