# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What to do next about a denial, by points, and what it comes to in some sentences."""

from odoo import fields, models
from odoo.tools import html2plaintext, plaintext2html

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.hc_core.review_hints import Statement, Step

from ..lifecycles import DENIAL_TO_DO_STATES

PLANNED_STEPS = [
    ("correct", "Correct and Send Again"),
    ("appeal", "Appeal"),
    ("transfer", "Move to Patient"),
    ("write_off", "Request Write-Off"),
]
# With fewer days left the deadline itself speaks for doing it now.
_URGENT_DAYS = 14


class HcDenial(models.Model):
    _inherit = "hc.denial"

    planned_step = fields.Selection(
        PLANNED_STEPS, index="btree_not_null", help="What the office means to do about it."
    )

    def _review_fields(self):
        steps = tuple(code for code, _label in PLANNED_STEPS)
        step = ReviewField("choice", self.env._("Planned Step"), steps, task="next_step")
        summary = ReviewField("text", self.env._("Summary"), task="summarise", is_note=True)
        return {**super()._review_fields(), "planned_step": step, "summary": summary}

    def _review_steps(self, field_name):
        if field_name != "planned_step" or self.state not in DENIAL_TO_DO_STATES:
            return super()._review_steps(field_name)
        today = self._get_today()
        steps = []
        if self.remedy == "corrected_claim":
            steps += self._get_timed_steps("correct", 60, self.correction_deadline, today)
        if self.is_appealable:
            points = 20 + round(self.overturn_percent / 2) + 40 * (self.remedy == "appeal")
            steps += self._get_timed_steps("appeal", points, self.appeal_deadline, today)
        if self.group_code == "PR":
            reason = self.env._("The payer says that the patient owes it (PR)")
            steps.append(Step("transfer", 60, reason))
        if not any(step.points > 0 for step in steps):
            labels = dict(self._fields["no_appeal"]._description_selection(self.env))
            reason = labels.get(self.no_appeal) or self.env._("No remedy is open any more")
            steps.append(Step("write_off", 60, reason))
        return tuple(steps)

    def _get_timed_steps(self, value, points, deadline, today):
        """A step that is open until a day; nothing speaks for it after that day."""
        label = dict(self._fields["planned_step"]._description_selection(self.env))[value]
        if not deadline:
            return [Step(value, points, self.env._("%(step)s is admitted", step=label))]
        days_left = (deadline - today).days
        if days_left < 0:
            return [Step(value, 0, self.env._("%(step)s: too late", step=label))]
        reason = self.env._(
            "%(step)s by %(day)s, %(days)s days left",
            step=label,
            day=fields.Date.to_string(deadline),
            days=days_left,
        )
        return [Step(value, points + 15 * (days_left <= _URGENT_DAYS), reason)]

    def _review_statements(self, field_name):
        if field_name != "summary":
            return super()._review_statements(field_name)
        money = self.currency_id.format
        own = (self._name, self.id)
        statements = [
            Statement(
                self.env._(
                    "%(amount)s of %(charged)s denied on %(day)s: %(words)s.",
                    amount=money(self.amount_denied),
                    charged=money(self.amount_charged),
                    day=fields.Date.to_string(self.denied_on),
                    words=(self.payer_words or "").rstrip("."),
                ),
                *own,
                100,
            ),
            Statement(
                self.env._(
                    "Worth about %(value)s: chance %(percent)s %%.",
                    value=money(self.expected_value),
                    percent=round(self.overturn_percent),
                ),
                *own,
                60,
            ),
        ]
        if self.deadline and self.state in DENIAL_TO_DO_STATES:
            day = fields.Date.to_string(self.deadline)
            text = self.env._("%(days)s days left, until %(day)s.", days=self.days_left, day=day)
            statements.append(Statement(text, *own, 80))
        if self.next_action:
            statements.append(Statement(self.next_action, *own, 70))
        if self.previous_id:
            text = self.env._("Denied before as %(name)s.", name=self.previous_id.name)
            statements.append(Statement(text, self._name, self.previous_id.id, 50))
        return (*statements, *self._get_appeal_statements())

    def _get_appeal_statements(self):
        labels = dict(self.env["hc.appeal"]._fields["state"]._description_selection(self.env))
        return tuple(
            Statement(
                self.env._(
                    "Appeal %(name)s, level %(level)s: %(state)s.",
                    name=appeal.name,
                    level=appeal.level,
                    state=labels[appeal.state],
                ),
                appeal._name,
                appeal.id,
                90,
            )
            for appeal in self.appeal_ids
            if appeal.has_access("read")
        )


class HcAppeal(models.Model):
    _inherit = "hc.appeal"

    def _review_draft(self, field_name):
        if field_name != "letter_body" or self.state != "draft":
            return super()._review_draft(field_name)
        return html2plaintext(self.sudo()._draft_letter()).strip()

    def _write_review(self, values):
        values = dict(values)
        if "letter_body" in values:
            values["letter_body"] = plaintext2html(values["letter_body"])
        return super()._write_review(values)
