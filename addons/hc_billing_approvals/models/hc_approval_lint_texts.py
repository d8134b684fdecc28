# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcApprovalPolicy(models.Model):
    """Findings of the lint in words."""

    _inherit = "hc.approval.policy"

    def _describe_finding(self, finding):
        """One finding as a sentence, with an example where there is one."""
        kinds = dict(
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        )
        text = self._get_lint_texts().get(finding.code, finding.code)
        parts = [f"{kinds.get(finding.kind, finding.kind)}: {text}"]
        if finding.routes:
            parts.append(", ".join(finding.routes))
        if finding.example:
            parts.append(self._describe_example(finding.example))
        return " – ".join(parts)

    def _describe_example(self, facts):
        values = ", ".join(f"{name} {value}" for name, value in facts.values.items() if value)
        amount = self.currency_id.format(float(facts.routing_amount))
        return self.env._("for example %(amount)s %(values)s", amount=amount, values=values)

    def _get_lint_texts(self):
        _ = self.env._
        return {
            "gap": _("no route takes some requests"),
            "overlap": _("two routes take the same requests"),
            "empty_range": _("the route's range holds no amount"),
            "impossible_condition": _("no request can meet the route's conditions"),
            "unknown_value": _("a condition names a value that does not occur"),
            "no_members": _("nobody can sign a step: a role has no member"),
            "not_enough_people": _("different people cannot fill all steps"),
            "one_person_two_steps": _("somebody could sign two steps, but only one of a request"),
            "not_monotone": _("a higher tier asks for fewer signatures"),
            "kind_uncovered": _("no route at all"),
            "bad_sequence": _("steps of one code twice, or below zero"),
            "check_stopped": _("too much to check: simplify the conditions"),
        }
