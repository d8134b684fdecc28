# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..hc_dunning_core.cadence_lint import ERROR
from ..hc_dunning_core.cadence_policy import (
    CALL,
    NOT_NEEDED,
    PORTAL,
    PROPOSED_CHANNEL_RULES,
    PROPOSED_LEVELS,
)

_PUBLISHERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_compliance")


class HcCadencePolicy(models.Model):
    """From draft to in force: checks, a second person, succession; and what is shipped."""

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
            if other.code != self.code and self._overlaps(other)
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

    def _overlaps(self, other):
        return not (
            (self.date_to and self.date_to < other.date_from)
            or (other.date_to and other.date_to < self.date_from)
        )

    def _check_publisher(self):
        if not any(map(self.env.user.has_group, _PUBLISHERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "publish",
                self.env._(
                    "Managers and compliance officers publish and retire cadence policies. Ask "
                    "one of them."
                ),
                reason="not_publisher",
            )

    def action_publish(self):
        """Put drafts in force; their authors ask somebody else to."""
        self._check_publisher()
        for policy in self.sudo():
            if self.env.user in policy.author_ids:
                raise self.env["hc.refused.attempt"]._refuse(
                    self,
                    "publish",
                    self.env._(
                        "You have worked on %(policy)s: somebody else publishes it.",
                        policy=policy.display_name,
                    ),
                    reason="author",
                )
            policy._publish()

    def _publish(self):
        """Put the version in force from its first day; the one before it ends the day before."""
        self.ensure_one()
        self._transition("published", facts={"code": self.code, "version": self.version})
        self._write_guarded({"published_at": self.env.cr.now().replace(microsecond=0)})
        for earlier in self._get_published().filtered(lambda each: each.code == self.code):
            if self.date_to and self.date_to < earlier.date_from:
                continue
            if earlier.date_from >= self.date_from:
                earlier._transition("retired", reason=self.display_name)
            elif not earlier.date_to or earlier.date_to >= self.date_from:
                earlier._write_guarded({"date_to": self.date_from - timedelta(days=1)})

    def action_retire(self):
        """Take policies out of force: nobody is reminded by them any more."""
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
                (0, 0, {"channel": channel, "consent": NOT_NEEDED}) for channel in (CALL, PORTAL)
            ],
        }
