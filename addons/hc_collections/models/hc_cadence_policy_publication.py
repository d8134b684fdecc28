# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import UserError

from ..hc_dunning_core.cadence_lint import ERROR
from ..hc_dunning_core.cadence_policy import (
    CALL,
    PORTAL,
    PROPOSED_CHANNEL_RULES,
    PROPOSED_LEVELS,
    UNLESS_OPTED_OUT,
)


class HcCadencePolicy(models.Model):
    """What is checked before a version is in force, how it ends, and what is shipped."""

    _inherit = "hc.cadence.policy"

    def _guard_state_published(self):
        return {policy.id: policy._get_objections() for policy in self}

    def _get_objections(self):
        """Why the policy cannot be put in force, as texts."""
        self.ensure_one()
        reasons = [finding.words for finding in self._lint() if finding.severity == ERROR]
        unworded = self.level_ids.filtered(lambda level: not level.template_id)
        if unworded:
            reasons.append(
                self.env._("level %(level)s has no template", level=unworded[0].display_name)
            )
        return reasons + [
            self.env._("%s is in force on the same days", other.display_name)
            for other in self._get_published()
            if other.code != self.code and self._overlaps_days(other)
        ]

    def _get_published(self):
        """Other policies of the same balances that are in force."""
        return self.sudo().search(
            [
                ("party", "=", self.party),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "published"),
                ("id", "!=", self.id),
            ]
        )

    def action_retire(self):
        """Take policies out of force: nobody is reminded by them any more."""
        self.check_access("write")
        self._check_publisher()
        published = self.sudo().filtered(lambda policy: policy.state == "published")
        if published != self.sudo():
            raise UserError(self.env._("Only published policies are retired; discard a draft."))
        published._transition("retired")

    @api.model
    def _get_in_force(self, company, party, as_of):
        """The policy by which a company follows up a kind of party on a day; its own first."""
        return self.sudo().search(
            [
                ("state", "=", "published"),
                ("party", "=", party),
                ("company_id", "in", (False, company.id)),
                ("date_from", "<=", as_of),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", as_of),
            ],
            order="company_id, date_from desc, version desc",
            limit=1,
        )

    @api.model
    def _seed(self):
        """Enter and publish the proposed policies, once, when the module is installed."""
        policies = self.create([self._prepare_patient_seed(), self._prepare_payer_seed()])
        for policy in policies:
            policy._publish()

    @api.model
    def _prepare_patient_seed(self):
        purposes = {"final": "pre_collection", "statement_1": "statement"}
        return {
            "name": self.env._("Patient balances"),
            "code": "patient",
            "party": "patient",
            "currency_id": self.env.ref("base.USD").id,
            "minimum_amount": 5.0,
            "date_from": "2000-01-01",
            "level_ids": [
                (0, 0, self.env["hc.cadence.level"]._prepare_vals(level, sequence, purpose))
                for sequence, level in enumerate(PROPOSED_LEVELS, 1)
                for purpose in [purposes.get(level.code, "reminder")]
            ],
            "channel_ids": [
                (0, 0, self.env["hc.cadence.channel"]._prepare_vals(rule))
                for rule in PROPOSED_CHANNEL_RULES
            ],
        }

    @api.model
    def _prepare_payer_seed(self):
        """Payers are asked by people: in the payer's portal, by telephone, by telephone again."""
        levels = self.env["hc.cadence.level"]
        steps = ((30, PORTAL), (45, CALL), (60, CALL))
        return {
            "name": self.env._("Payer balances"),
            "code": "payer",
            "party": "payer",
            "currency_id": self.env.ref("base.USD").id,
            "minimum_amount": 25.0,
            "date_from": "2000-01-01",
            "level_ids": [
                (
                    0,
                    0,
                    {
                        "sequence": sequence,
                        "code": f"follow_up_{days}",
                        "name": self.env._("Follow-up at %s days", days),
                        "delay_days": days,
                        "channel": channel,
                        "spacing_days": 14,
                        "purpose": "payer_follow_up",
                        "is_final": days == 60,
                        "template_id": levels._get_template("payer_follow_up").id,
                    },
                )
                for sequence, (days, channel) in enumerate(steps, 1)
            ],
            "channel_ids": [
                (0, 0, {"channel": channel, "consent": UNLESS_OPTED_OUT})
                for channel in (CALL, PORTAL)
            ],
        }
