# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from .hc_ai_policy import LEAST_ACCURACY
from .hc_ai_policy_advice import EMBEDDED

# From here on, one source of advice is judged by itself as well.
LEAST_OF_SOURCE = 10


class HcAiPolicy(models.Model):
    """How advice did in shadow, counted for the present way of advising alone."""

    _inherit = "hc.ai.policy"

    def _get_source(self):
        """How advice comes about now: the task's version, and who is asked for a second opinion.

        Another version, provider or model is another source: what the one before did in shadow
        says nothing about it.
        """
        self.ensure_one()
        policy_sudo = self.sudo()
        source = f"{EMBEDDED}/{policy_sudo.task_code}.{policy_sudo.task_version}"
        provider = policy_sudo.provider_id
        if provider.state == "active":
            source += f"+provider/{provider.id}/{provider.model_name}"
        return source

    def _get_shadow_results(self):
        """How the present source did in shadow, by who gave the advice.

        :return: ``(decided, share that was right)`` by name of the adviser
        """
        self.ensure_one()
        judged = self.env["hc.ai.suggestion"].search(
            [
                ("policy_id", "=", self.id),
                ("state", "=", "shadow"),
                ("outcome_value", "!=", False),
                ("source", "=", self._get_source()),
            ]
        )
        return {
            provider: (len(same), sum(same.mapped("is_right")) / len(same))
            for provider, same in judged.grouped("provider").items()
        }

    def _get_shadow_result(self):
        """How many suggestions in shadow were decided since, and the share that was right."""
        results = self._get_shadow_results().values()
        decided = sum(count for count, _share in results)
        right = sum(count * share for count, share in results)
        return decided, (right / decided if decided else 0.0)

    def _guard_mode_live(self):
        """What comes from a provider has to do as well as the whole."""
        reasons = super()._guard_mode_live()
        for policy in self:
            for provider, (decided, share) in policy._get_shadow_results().items():
                if decided >= LEAST_OF_SOURCE and round(share, 9) < LEAST_ACCURACY:
                    reasons.setdefault(policy.id, []).append(
                        self.env._(
                            "In shadow, advice by %(provider)s was right in %(percent)s %% of "
                            "%(decided)s decided records; %(least)s %% are needed.",
                            provider=provider,
                            percent=round(100 * share),
                            decided=decided,
                            least=round(100 * LEAST_ACCURACY),
                        )
                    )
        return reasons


class HcAiSuggestion(models.Model):
    _inherit = "hc.ai.suggestion"

    source = fields.Char(
        "Way of Advising (Technical)",
        readonly=True,
        help="The task's version and the provider and model that are asked for a second opinion.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"source"}
