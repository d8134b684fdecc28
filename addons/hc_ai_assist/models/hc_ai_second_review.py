# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import AccessError

from .. import lifecycles
from ..hc_ai_core.sampling import is_in_sample

_SECOND_REVIEWERS = (
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_compliance",
)


class HcAiPolicy(models.Model):
    _inherit = "hc.ai.policy"

    second_review_percent = fields.Integer(
        "Second Review (%)",
        default=5,
        required=True,
        tracking=True,
        help="This share of what was accepted is shown to a second person. 0 to 100.",
    )

    _second_review_bounded = models.Constraint(
        "CHECK (second_review_percent BETWEEN 0 AND 100)",
        "The share for second review is between 0 and 100 percent.",
    )


class HcAiSuggestion(models.Model):
    """A second person looks at a sample of what was accepted, and says whether it is right.

    What they say changes neither the record nor the decision; it is written once.
    """

    _inherit = "hc.ai.suggestion"
    _lifecycles = {
        "state": lifecycles.AI_SUGGESTION,
        "second_review": lifecycles.AI_SECOND_REVIEW,
    }

    second_review = fields.Selection(
        selection=lambda self: self._get_lifecycle("second_review").selection(),
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    second_reviewer_id = fields.Many2one("res.users", readonly=True)
    second_reviewed_at = fields.Datetime("Second Review On", readonly=True)
    second_review_reason = fields.Char("Why Not", readonly=True)
    may_second_review = fields.Boolean(compute="_compute_may_second_review")

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "second_reviewer_id",
            "second_reviewed_at",
            "second_review_reason",
        }

    @api.depends("second_review", "reviewer_id")
    @api.depends_context("uid")
    def _compute_may_second_review(self):
        may = any(self.env.user.has_group(group) for group in _SECOND_REVIEWERS)
        for suggestion in self:
            suggestion.may_second_review = (
                may
                and suggestion.second_review == "waiting"
                and suggestion.reviewer_id != self.env.user
            )

    def _is_logged_move(self, field_name, from_state, to_state):
        if field_name == "second_review":
            return to_state in ("agreed", "disagreed")
        return super()._is_logged_move(field_name, from_state, to_state)

    def _on_state_accepted(self, _previous):
        """Ask for a second review of the sample; the number of the record decides, not chance."""
        sample = self.filtered(
            lambda each: is_in_sample(each.id, each.policy_id.second_review_percent)
        )
        sample._transition("waiting", field_name="second_review")

    def action_agree(self):
        """Say, as the second reviewer, that what was accepted is right."""
        self._review_again("agreed", False)

    def action_disagree(self, reason=False):
        """Say, as the second reviewer, that what was accepted is wrong.

        :param str reason: why, in a few words
        """
        self._review_again("disagreed", reason)

    def _review_again(self, verdict, reason):
        self._check_second_reviewer()
        suggestions_sudo = self.sudo()
        suggestions_sudo._transition(verdict, field_name="second_review", reason=reason or None)
        suggestions_sudo._write_guarded(
            {
                "second_reviewer_id": self.env.uid,
                "second_reviewed_at": self.env.cr.now().replace(microsecond=0),
                "second_review_reason": (reason or "")[:200] or False,
            }
        )

    def _check_second_reviewer(self):
        """Who looks again may read the record, has the role, and did not decide the first time.

        :raise AccessError: the user may not
        """
        self.check_access("read")
        # Whoever sees all suggestions must see the record itself to judge.
        if not any(self.env.user.has_group(group) for group in _SECOND_REVIEWERS) or (
            self - self._filter_readable()
        ):
            raise AccessError(
                self.env._("Second reviews are for supervisors and compliance who see the record.")
            )
        own = self.filtered(lambda each: each.sudo().reviewer_id == self.env.user)
        if own:
            raise self.env["hc.refused.attempt"]._refuse(
                own[0],
                "second_review",
                self.env._("You decided this yourself: somebody else looks at it again."),
                reason="self",
            )
