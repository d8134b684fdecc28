# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_core.review import ReviewField
from ..hc_core.review_hints import Statement
from .hc_billing_case import BILLED_STAGES

# Similar cases that are looked at, and how often something has to lack among them to be told.
_MOST_SIMILAR = 200
_LEAST_SIMILAR = 5
_LEAST_SHARE = 0.2


class HcBillingCase(models.Model):
    """What a case comes to in some sentences, and what it lacks or is likely to lack."""

    _inherit = "hc.billing.case"

    def _review_fields(self):
        summary = ReviewField("text", self.env._("Summary"), task="summarise", is_note=True)
        missing = ReviewField("text", self.env._("Likely Missing"), task="missing", is_note=True)
        return {**super()._review_fields(), "summary": summary, "missing_items": missing}

    def _review_statements(self, field_name):
        if field_name == "summary":
            return (*self._get_own_statements(), *self._get_finding_statements())
        if field_name == "missing_items" and self.stage not in BILLED_STAGES:
            # What is known to lack stands on the form already.
            return self._get_likely_statements()
        return super()._review_statements(field_name)

    def _get_own_statements(self):
        stage = dict(self._fields["stage"]._description_selection(self.env))[self.stage]
        own = self.env._(
            "Charged: %(amount)s (charges: %(count)s). %(stage)s, days: %(days)s.",
            amount=self.currency_id.format(self.amount_charged),
            count=self.charge_count,
            stage=stage,
            days=self.days_in_stage,
        )
        statements = [Statement(own, self._name, self.id, 1000)]
        if self.service_date_to:
            day = fields.Date.to_string(self.service_date_to)
            text = self.env._("Last service on %(day)s.", day=day)
            statements.append(Statement(text, self._name, self.id, 900))
        return statements

    def _get_finding_statements(self):
        """Open findings by their rule, which names nobody, those that hold the case first."""
        findings = self.open_finding_ids._filtered_access("read")
        return [
            Statement(
                self.env._("Holds the case: %(rule)s.", rule=rule)
                if finding.is_blocking
                else self.env._("Open: %(rule)s.", rule=rule),
                finding._name,
                finding.id,
                800 if finding.is_blocking else 700,
            )
            for finding in findings
            if (rule := finding.sudo().rule_id.name or finding.rule_code)
        ]

    def _get_likely_statements(self):
        """Rules that failed before billing in cases of the same payer type and class of visit."""
        similar = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("stage", "in", BILLED_STAGES),
                ("payer_type", "=", self.payer_type),
                ("encounter_id.encounter_class", "=", self.encounter_id.encounter_class),
            ],
            order="id desc",
            limit=_MOST_SIMILAR,
        )
        if len(similar) < _LEAST_SIMILAR:
            return []
        findings = self.env["hc.readiness.finding"]
        known = findings.search([("case_id", "=", self.id)]).mapped("rule_code")
        rows = findings._read_group(
            [("case_id", "in", similar.ids), ("rule_code", "not in", known)],
            ["rule_id"],
            ["case_id:count_distinct"],
        )
        return [
            Statement(
                self.env._(
                    "Likely: %(rule)s, in %(count)s of %(all)s similar cases.",
                    rule=rule.sudo().name,
                    count=count,
                    all=len(similar),
                ),
                rule._name,
                rule.id,
                round(100 * count / len(similar)),
            )
            for rule, count in rows
            if rule and count >= _LEAST_SHARE * len(similar)
        ]
