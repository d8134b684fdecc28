# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcApprovalPolicy(models.Model):
    """What the lint and the router say, in words."""

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
        return {
            "gap": self.env._("no route takes some requests"),
            "overlap": self.env._("two routes take the same requests"),
            "empty_range": self.env._("the route's range holds no amount"),
            "impossible_condition": self.env._("no request can meet the route's conditions"),
            "unknown_value": self.env._("a condition names a value that does not occur"),
            "no_members": self.env._("nobody can sign a step: a role has no member"),
            "no_escalation_members": self.env._(
                "nobody to escalate to: a role of a ladder has no member"
            ),
            "not_enough_people": self.env._("different people cannot fill all steps"),
            "one_person_two_steps": self.env._(
                "somebody could sign two steps, but only one of a request"
            ),
            "not_monotone": self.env._("a higher tier asks for fewer signatures"),
            "kind_uncovered": self.env._("no route at all"),
            "bad_sequence": self.env._("steps of one code twice, or below zero"),
            "check_stopped": self.env._("too much to check: simplify the conditions"),
        }

    def _describe_trace_line(self, line):
        """One route of the trace: its code, its steps, and why it matched or not."""
        route = self.route_ids.filtered(lambda each: each.code == line.route_code)
        texts = {
            "matched": self.env._("matches"),
            "amount_below": self.env._("the amount is below its range"),
            "amount_above": self.env._("the amount is above its range"),
            "condition_unmet": self.env._("a condition is not met: %s", route.condition_text or ""),
        }
        return {
            "code": line.route_code,
            "amounts": route.amount_text,
            "steps": route.step_text,
            "matched": line.matched,
            "why": texts[line.why_code],
        }

    def action_open_simulation(self):
        """Try the policy with a request that nobody made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who Would Approve This?"),
            "res_model": "hc.approval.simulation",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_policy_id": self.id},
        }
