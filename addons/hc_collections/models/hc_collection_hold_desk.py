# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_dunning_core.holds import HOLD_KINDS, LEGAL_KINDS

_SUPERVISOR = "hc_revenue_base.group_hc_supervisor"
_RELEASERS = (
    "hc_revenue_base.group_hc_collector",
    "hc_collections.group_hc_financial_counselor",
    _SUPERVISOR,
)


class HcCollectionHold(models.Model):
    """The button by which people lift a hold."""

    _inherit = "hc.collection.hold"

    may_release = fields.Boolean("Mine to Release", compute="_compute_may_release")

    @api.depends("state", "kind", "source_model")
    @api.depends_context("uid")
    def _compute_may_release(self):
        """Whether the user's role may end the hold, and it does not follow from a record."""
        for hold in self:
            is_by_hand = hold.state == "active" and not hold.source_model
            hold.may_release = is_by_hand and hold._has_release_role() and hold.has_access("write")

    def action_open_release(self):
        """Ask why the hold ends.

        :raise UserError: the hold follows from another record
        :raise AccessError: the user's role may not end it
        """
        self.ensure_one()
        self._check_releasable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the Hold"),
            "res_model": "hc.hold.release.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_hold_id": self.id},
        }

    def _release_by_person(self, reason):
        """End holds because somebody says so; the one way for people.

        :param str reason: why, in a sentence
        :raise UserError: a hold follows from another record, or the reason is missing
        :raise AccessError: the user's role may not end it
        """
        self.check_access("write")
        for hold in self:
            hold._check_releasable()
        self._release(reason)

    def _check_releasable(self):
        """A hold that follows from a record ends with it; one that law demands, by a supervisor."""
        if self.source_model:
            source = self.env[self.source_model].sudo().browse(self.source_id).exists()
            if source:
                raise UserError(
                    self.env._("This hold ends when %s is decided.", source.display_name)
                )
        self._check_release_role()

    def _has_release_role(self):
        roles = (_SUPERVISOR,) if self.kind in LEGAL_KINDS else _RELEASERS
        return any(map(self.env.user.has_group, roles))

    def _check_release_role(self):
        """Bankruptcy, death and a request to cease are no collector's to judge."""
        if self._has_release_role():
            return
        is_legal = self.kind in LEGAL_KINDS
        name = HOLD_KINDS[self.kind].name
        message = (
            self.env._("“%s” is the law's hold: a supervisor releases it, with the paper.", name)
            if is_legal
            else self.env._("Collectors and supervisors release “%s”. Ask one of them.", name)
        )
        raise self.env["hc.refused.attempt"]._refuse(
            self, "release", message, reason=f"release_{self.kind}"
        )
