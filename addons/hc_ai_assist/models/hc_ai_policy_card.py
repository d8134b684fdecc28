# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_ai_core.cards import provider_card, task_card
from ..hc_ai_core.tasks import TASKS
from .hc_ai_policy_advice import EMBEDDED


class HcAiPolicy(models.Model):
    """The card of a policy: what its task and providers are, with the figures of this office."""

    _inherit = "hc.ai.policy"

    def action_open_card(self):
        """Open the card as a PDF."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/revenue/ai-cards/{self.id}.pdf"}

    def _render_card(self):
        """The card as PDF.

        :raise AccessError: the user may not read the policy
        """
        self.ensure_one()
        return self.env["hc.pdf"]._render("hc_ai_assist.hc_ai_policy_card", self._get_card_values())

    def _get_card_values(self):
        self.check_access("read")
        kinds = [EMBEDDED]
        provider_sudo = self.sudo().provider_id
        if provider_sudo:
            kinds.append(provider_sudo.wire_format)
        return {
            "policy": self,
            "company": self.company_id.sudo(),
            "figures": [*self._get_card_setup(), *self._get_card_figures()],
            "cards": [task_card(TASKS[self.task_code]), *map(provider_card, kinds)],
        }

    def _get_card_setup(self):
        """How the policy is set up, as ``(label, text)``."""
        policy_sudo = self.sudo()
        env = self.env
        modes = dict(self._fields["mode"]._description_selection(env))
        provider = policy_sudo.provider_id
        return [
            (env._("Policy"), self.display_name),
            (env._("Mode"), modes[self.mode]),
            (env._("Version of the task"), str(self.task_version)),
            (env._("Input facts"), ", ".join(self._get_card_facts()) or env._("None")),
            (env._("Lowest confidence"), f"{self.floor:.0%}"),
            (env._("Decided by"), self._get_card_reviewers()),
            (env._("Reads as"), policy_sudo.responsible_id.name or env._("Nobody yet")),
            (
                env._("Second opinion by"),
                f"{provider.name} ({provider.model_name})" if provider else env._("Nobody"),
            ),
            (env._("Went live"), self._get_card_approval()),
        ]

    def _get_card_facts(self):
        """Labels of the facts that the record type declares."""
        if self.res_model not in self.env:
            return []
        return [spec.label for spec in self.env[self.res_model].sudo()._review_fact_specs()]

    def _get_card_reviewers(self):
        everybody = self.env._("Whoever may change the record")
        if self.res_model not in self.env:
            return everybody
        field = self._get_declared_fields(self.res_model, self.company_id).get(self.field_name)
        group = field and field.reviewer_group
        return self.env.ref(group).sudo().full_name if group else everybody

    def _get_card_approval(self):
        """Who let the policy go live last, and when."""
        move = (
            self.env["hc.transition"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("field_name", "=", "mode"),
                    ("to_state", "=", "live"),
                ],
                order="sequence desc",
                limit=1,
            )
        )
        if not move:
            return self.env._("Never")
        day = fields.Date.to_string(move.occurred_at.date())
        return self.env._("%(day)s (UTC), by %(user)s", day=day, user=move.actor_id.name)

    def _get_card_figures(self):
        """What was measured in this office, as ``(label, text)``."""
        env = self.env
        policy_sudo = self.sudo()
        decided, accuracy = policy_sudo._get_shadow_result()
        figures = [
            (
                env._("In shadow"),
                env._("%(count)s decided, %(share)s right", count=decided, share=f"{accuracy:.0%}"),
            )
        ]
        if self.trained_at:
            day = fields.Date.to_string(self.trained_at.date())
            text = env._("%(day)s, from %(count)s records", day=day, count=self.trained_count)
            figures.append((env._("Learned"), text))
        latest = env["hc.ai.evaluation"].sudo().search([("policy_id", "=", self.id)], limit=1)
        return [*figures, (env._("Latest evaluation"), self._tell_evaluation(latest))]

    def _tell_evaluation(self, evaluation):
        if not evaluation:
            return self.env._("None yet")
        text = self.env._(
            "%(day)s: %(cases)s cases, answers %(coverage)s, right of these %(accuracy)s",
            day=fields.Date.to_string(evaluation.started_at.date()),
            cases=evaluation.case_count,
            coverage=f"{evaluation.coverage:.0%}",
            accuracy=f"{evaluation.accuracy:.0%}",
        )
        return f"{text}. {evaluation.problems}" if evaluation.problems else text
