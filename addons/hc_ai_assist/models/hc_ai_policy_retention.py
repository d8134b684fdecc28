# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..hc_ai_core.tasks import TASKS

_CLOSED = ("accepted", "edited", "rejected", "superseded", "expired", "abstained", "shadow")
_CONTENT = ("facts", "reasons", "alternatives", "evidence")
# What was proposed, and what people made of it: text, where the task writes text.
_TEXTS = ("value", "previous_value", "final_value", "outcome_value")


class HcAiPolicy(models.Model):
    _inherit = "hc.ai.policy"

    retention_days = fields.Integer(
        "Keep Facts For (days)",
        default=730,
        required=True,
        tracking=True,
        help="After it, facts, reasons, alternatives, quotations and drafted texts of closed "
        "suggestions are erased, and what was told of runs. The decision and the hashes stay.",
    )
    is_on_legal_hold = fields.Boolean(
        "Legal Hold", tracking=True, help="As long as it is set, nothing is erased."
    )

    _retention_bounded = models.Constraint(
        "CHECK (retention_days BETWEEN 90 AND 3650)", "Facts are kept for 90 to 3,650 days."
    )


class HcAiSuggestion(models.Model):
    """What a suggestion was made of is erased in time; that it was made and decided stays."""

    _name = "hc.ai.suggestion"
    _inherit = ["hc.ai.suggestion", "hc.batch.mixin"]

    purged_at = fields.Datetime("Contents Erased On", readonly=True, index="btree_not_null")
    content_sha256 = fields.Char(
        "Hash of the Contents",
        readonly=True,
        help="Of facts, reasons, alternatives and evidence, taken before they were erased.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"purged_at", "content_sha256"}

    @api.model
    def _get_purge_domain(self, as_of):
        policies = self.env["hc.ai.policy"].sudo().search([("is_on_legal_hold", "=", False)])
        old = Domain.OR(
            Domain("policy_id", "in", same.ids)
            & Domain("create_date", "<", as_of - timedelta(days=days))
            for days, same in policies.grouped("retention_days").items()
        )
        return old & Domain("state", "in", _CLOSED) & Domain("purged_at", "=", False)

    def _purge(self):
        """Erase contents; where in a document something stood, and its hash, stay."""
        for suggestion in self:
            texts = _TEXTS if TASKS[suggestion.task_code].writes_text else ()
            contents = {name: suggestion[name] for name in (*_CONTENT, *texts)}
            suggestion._write_guarded(
                dict.fromkeys(texts, False)
                | {
                    "facts": False,
                    "reasons": False,
                    "alternatives": False,
                    "evidence": [
                        {name: value for name, value in each.items() if name != "quote"}
                        for each in suggestion.evidence or ()
                    ],
                    "content_sha256": _digest(contents),
                    "purged_at": self.env.cr.now().replace(microsecond=0),
                }
            )


def _digest(contents):
    """SHA-256 of contents as JSON with sorted names: whoever kept a copy can prove it by this."""
    text = json.dumps(contents, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
