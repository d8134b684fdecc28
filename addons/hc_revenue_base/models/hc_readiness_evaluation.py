# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import api, fields, models
from odoo.tools import SQL

_COLUMNS = (
    "case_id",
    "rule_set_id",
    "rule_set_digest",
    "as_of",
    "evaluated_at",
    "outcome",
    "hold_until",
    "facts_hash",
    "results",
    "overrides",
    "actor_id",
    "company_id",
    "facility_id",
    "transaction_identifier",
)

_BADGES = {"P": "success", "N": "light", "F": "warning", "E": "danger"}


class HcReadinessEvaluation(models.Model):
    """The trace of one evaluation: by which rules, on which facts, with which results."""

    _name = "hc.readiness.evaluation"
    _inherit = ["hc.append.only.mixin"]
    _description = "Readiness Evaluation"
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    rule_set_id = fields.Many2one(
        "hc.readiness.rule.set", required=True, readonly=True, ondelete="restrict"
    )
    rule_set_digest = fields.Char(readonly=True, help="Digest of the rules' content.")
    as_of = fields.Date(required=True, readonly=True)
    evaluated_at = fields.Datetime(required=True, readonly=True)
    outcome = fields.Selection(
        [("ready", "Ready"), ("held", "Bill Hold"), ("exception", "Exception")],
        required=True,
        readonly=True,
    )
    hold_until = fields.Date(readonly=True, help="First day on which the case may be billed.")
    facts_hash = fields.Char(required=True, readonly=True)
    results = fields.Json(
        required=True,
        readonly=True,
        help="Per rule P passed, N not applicable, F failed or E error with the conditions.",
    )
    overrides = fields.Json(readonly=True, help="Rules let pass, with the controlled action.")
    actor_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    facility_id = fields.Many2one("hc.facility", readonly=True, index=True)
    transaction_identifier = fields.Char(
        required=True, readonly=True, help="Database transaction in which it was decided."
    )
    trace_html = fields.Html("Trace", compute="_compute_trace_html", sanitize=False)

    @api.depends("case_id", "evaluated_at")
    def _compute_display_name(self):
        for evaluation in self:
            evaluation.display_name = (
                f"{evaluation.case_id.name} {fields.Datetime.to_string(evaluation.evaluated_at)}"
            )

    @api.model
    def _append(self, verdicts, as_of):
        """Store one row per verdict.

        :return: ``{case id: evaluation id}``
        """
        evaluated_at = self.env.cr.now().replace(microsecond=0)
        transaction_identifier = self._get_transaction_identifier()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s)",
                verdict.case.id,
                verdict.rule_set.id,
                verdict.digest,
                as_of,
                evaluated_at,
                verdict.outcome,
                verdict.hold_until,
                verdict.facts_hash,
                json.dumps(verdict.evaluation.trace()),
                json.dumps(verdict.overrides) if verdict.overrides else None,
                self.env.uid,
                verdict.case.company_id.id,
                verdict.case.facility_id.id or None,
                transaction_identifier,
            )
            for verdict in verdicts
        ]
        inserted = self.env.execute_query(
            SQL(
                "INSERT INTO hc_readiness_evaluation (%s) VALUES %s RETURNING case_id, id",
                SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                SQL(", ").join(rows),
            )
        )
        return dict(inserted)

    @api.model
    def _get_transaction_identifier(self):
        """The database's own number of the running transaction; never used twice."""
        return self.env.execute_query(SQL("SELECT pg_current_xact_id()::text"))[0][0]

    @api.model
    def _get_ready_case_ids(self, cases):
        """Ids of the cases whose last evaluation, of this very transaction, found them ready."""
        return {
            case_id
            for (case_id,) in self.env.execute_query(
                SQL(
                    """SELECT hc_case.id
                         FROM hc_billing_case hc_case
                         JOIN hc_readiness_evaluation evaluation
                           ON evaluation.id = hc_case.evaluation_id
                        WHERE hc_case.id = ANY(%s) AND evaluation.outcome = 'ready'
                          AND evaluation.transaction_identifier = %s""",
                    cases.ids,
                    self._get_transaction_identifier(),
                )
            )
        }

    def _compute_trace_html(self):
        for evaluation in self:
            evaluation.trace_html = self.env["ir.qweb"]._render(
                "hc_revenue_base.hc_readiness_trace", {"rows": evaluation._get_trace_rows()}
            )

    def _get_trace_rows(self):
        """The result of every rule in words, in the order of the rules."""
        self.ensure_one()
        labels = {
            "P": self.env._("Passed"),
            "N": self.env._("Not Applicable"),
            "F": self.env._("Failed"),
            "E": self.env._("Error"),
        }
        rules = {rule.code: rule for rule in self.rule_set_id.sudo().rule_ids}
        severity = self.env["hc.readiness.rule"]._fields["severity"]
        severities = dict(severity._description_selection(self.env))
        results = self.results or {}
        ordered = sorted(
            results, key=lambda code: (rules[code].sequence if code in rules else 0, code)
        )
        rows = []
        for code in ordered:
            result = results[code]
            letter, detail = (result, "") if isinstance(result, str) else result
            rows.append(
                {
                    "code": code,
                    "name": rules[code].name if code in rules else "",
                    "severity": severities[rules[code].severity] if code in rules else "",
                    "letter": letter,
                    "badge": _BADGES[letter],
                    "outcome": labels[letter],
                    "detail": detail,
                    "override_id": (self.overrides or {}).get(code),
                }
            )
        return rows
