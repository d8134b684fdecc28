# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.errors import in_words

OUTCOMES = [
    ("answered", "Answered"),
    ("cached", "Known Already"),
    ("fallback", "No Usable Answer"),
    ("refused", "Not Asked"),
]
EFFECTS = [
    ("agrees", "Agrees"),
    ("disagrees", "Disagrees"),
    ("alone", "Proposes Alone"),
    ("abstains", "Abstains"),
    ("stale", "Came Too Late"),
]


class HcAiRun(models.Model):
    """One question to a provider, or the reason why it was not asked.

    It holds digests, counts and costs, and neither the question nor the answer. Inserted by the
    AI's own user in a transaction of its own, so that what was spent is on record whatever
    becomes of the work around it; nobody changes or deletes a row.
    """

    _name = "hc.ai.run"
    _description = "AI Run"
    _inherit = ["hc.own.transaction.mixin", "hc.guarded.mixin"]
    _order = "id desc"
    _allow_sudo_commands = False

    provider_id = fields.Many2one(
        "hc.ai.provider", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    policy_id = fields.Many2one("hc.ai.policy", readonly=True, index=True, ondelete="restrict")
    suggestion_id = fields.Many2one(
        "hc.ai.suggestion", "Asked For", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    res_model = fields.Char("Record Type (Technical)", readonly=True)
    res_id = fields.Integer("Record ID", readonly=True, aggregator=None)
    task_code = fields.Char("Task", readonly=True)
    task_version = fields.Integer(readonly=True, aggregator=None)
    model_name = fields.Char("Model", readonly=True)
    user_id = fields.Many2one("res.users", "With the Rights Of", required=True, readonly=True)
    asked_on = fields.Date("Day", required=True, readonly=True, index=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    cause = fields.Char("Cause (Technical)", readonly=True)
    cause_text = fields.Char("Why", compute="_compute_cause_text")
    effect = fields.Selection(EFFECTS, "Compared With Own Advice", readonly=True)
    input_sha256 = fields.Char("Digest of the Facts", readonly=True)
    question_sha256 = fields.Char("Digest of the Question", readonly=True)
    response_sha256 = fields.Char("Digest of the Answer", readonly=True)
    input_tokens = fields.Integer("Tokens In", readonly=True)
    output_tokens = fields.Integer("Tokens Out", readonly=True)
    # A call costs parts of a cent, which an amount of money cannot hold.
    cost_millionths = fields.Integer(
        "Cost (Millionths)", readonly=True, help="Millionths of the company's currency."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    latency_ms = fields.Integer("Took (ms)", readonly=True, aggregator="avg")
    redaction = fields.Json("Redaction Report (Technical)", readonly=True)
    sent_text = fields.Char("Sent", compute="_compute_redaction_texts")
    masked_text = fields.Char("Masked", compute="_compute_redaction_texts")
    withheld_text = fields.Char("Withheld", compute="_compute_redaction_texts")

    _day_index = models.Index("(provider_id, asked_on)")

    @api.model
    def _get_guarded_fields(self):
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - set(models.MAGIC_COLUMNS)

    @api.depends("provider_id", "create_date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.provider_id.sudo().name or ''} {run.id or ''}".strip()

    @api.depends("cause")
    def _compute_cause_text(self):
        for run in self:
            run.cause_text = in_words(run.cause or "")

    @api.depends("redaction")
    def _compute_redaction_texts(self):
        for run in self:
            report = run.redaction or {}
            texts = [self.env._("%(count)s facts", count=len(report.get("facts", ())))]
            texts += report.get("texts", ())
            run.sent_text = ", ".join(texts) if report else ""
            masked = sorted((report.get("masked") or {}).items())
            run.masked_text = ", ".join(f"{kind} {count}" for kind, count in masked)
            run.withheld_text = ", ".join(report.get("withheld", ()))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise self.env["hc.refused.attempt"]._refuse(
            self, "unlink", self.env._("AI runs stay."), refusal="append_only"
        )

    @api.model
    def _append(self, provider, values):
        """Put a run on record, as the AI's own user; the caller commits.

        :param provider: who was asked, with superuser rights
        :param dict values: of the run; ``user_id`` says with whose rights facts were read
        :return: the run
        """
        company = provider.company_id
        writer = self.env["hc.ai.policy"]._get_ai_model(self._name, company)
        day = fields.Date.context_today(self.with_context(tz=company._get_office_timezone()))
        shared = {
            "provider_id": provider.id,
            "company_id": company.id,
            "model_name": provider.model_name,
            "asked_on": day,
        }
        return writer._create_guarded([shared | values])

    @api.model
    def _append_trial(self, provider_id, user_id, call):
        """Put a trial on record, in the transaction that was opened for it."""
        provider = self.env["hc.ai.provider"].browse(provider_id)
        return self._append(provider, provider._get_call_values(call) | {"user_id": user_id}).id
