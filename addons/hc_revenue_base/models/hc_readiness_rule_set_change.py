# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_core.config_diff import ABSENT, config_digest, differences

_SET_FIELDS = ("name", "version", "effective_from", "company_id")
_RULE_FIELDS = (
    "name",
    "category",
    "severity",
    "phase",
    "message",
    "auto_fix",
    "fix_model",
    "fix_field",
    "sequence",
    "active",
)


class HcReadinessRuleSet(models.Model):
    """Readiness rules change by publication of a new version, which a second person agrees to.

    A published set is fixed already, so that no field of it is proposed by itself; what is
    published, and what is taken out of use, is a change with a difference that people can read.
    """

    _name = "hc.readiness.rule.set"
    _inherit = ["hc.readiness.rule.set", "hc.config.controlled.mixin"]

    def _filter_config_controlled(self):
        return self._origin.filtered(lambda rule_set: rule_set.state != "draft")

    def _config_snapshot(self):
        source = self.sudo().with_context(lang=None, active_test=False)
        return {
            "state": source.state,
            **{name: source._config_read(name) for name in _SET_FIELDS},
            "rules": {rule.code: rule._get_content() for rule in source.rule_ids},
        }

    def _get_content_digest(self):
        """Digest of what is to be published; the state is left out, for it moves."""
        return config_digest(self._config_snapshot() | {"state": ""})

    def _config_conflicts(self, change):
        if change.operation == "publish" and self._get_content_digest() != change.content_digest:
            return [self.env._("the rules changed since this was proposed: propose again")]
        return []

    def action_publish(self):
        """Propose to put the set in force, with what differs from the one before."""
        self.ensure_one()
        self._check_administrator()
        self._raise_blocked("published", "state")
        previous = self._get_previous()
        before = previous._config_snapshot() if previous else {"rules": {}}
        lines = self._prepare_difference_lines(before, self._config_snapshot())
        return self._propose_operation("publish", lines, self.env._("Publication of %s"))

    def action_retire(self):
        """Propose to take the set out of use."""
        self.ensure_one()
        self._check_administrator()
        self._raise_blocked("retired", "state")
        line = {
            "field_name": "state",
            "label": self._fields["state"].string,
            "before_text": self._get_lifecycle("state").label(self.state),
            "new_value": self._get_lifecycle("state").label("retired"),
        }
        return self._propose_operation("retire", [line], self.env._("Retirement of %s"))

    def _propose_operation(self, operation, lines, title):
        change = self.env["hc.config.change"]._create_draft(
            self,
            operation,
            [{**line, "field_type": "text_only"} for line in lines],
            title,
            content_digest=self._get_content_digest(),
        )
        return change._get_records_action()

    def _get_previous(self):
        """The set that decides today where this one will."""
        today = fields.Date.context_today(self)
        candidates = self._get_siblings().filtered(lambda s: s.effective_from <= today)
        return (candidates.filtered("company_id") or candidates)[:1]

    def _prepare_difference_lines(self, before, after):
        lines = []
        for difference in differences(before["rules"], after["rules"]):
            code, *rest = difference.path
            label = code
            if rest:
                rule_fields = self.env["hc.readiness.rule"]._fields
                name = rest[0]
                label += " · " + (
                    rule_fields[name].string if name in rule_fields else name.capitalize()
                )
            lines.append(
                {
                    "field_name": "/".join(difference.path),
                    "label": label,
                    "before_text": self._describe_content(difference.before),
                    "new_value": self._describe_content(difference.after),
                }
            )
        return lines or [
            {
                "field_name": "effective_from",
                "label": self._fields["effective_from"].string,
                "before_text": str(before.get("effective_from") or ""),
                "new_value": after["effective_from"],
            }
        ]

    def _describe_content(self, value):
        if value is ABSENT or value in (False, None):
            return self.env._("No") if value is False else ""
        if value is True:
            return self.env._("Yes")
        if isinstance(value, dict):
            return f"{value['name']} ({value['severity']})\n" + "\n".join(value["conditions"])
        return "\n".join(value) if isinstance(value, list) else str(value)


class HcReadinessRule(models.Model):
    _inherit = "hc.readiness.rule"

    def _get_content(self):
        """What the rule says, as JSON that does not depend on ids or languages."""
        self.ensure_one()
        return {
            **{name: self[name] for name in _RULE_FIELDS},
            "queue": self.queue_id.code,
            "conditions": [
                f"{condition.role}: {condition.fact_name} {condition.operator} "
                f"{condition.value or ''}".rstrip()
                for condition in self.condition_ids
            ],
        }
