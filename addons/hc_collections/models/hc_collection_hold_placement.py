# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from ..hc_dunning_core.holds import DECIDE, HOLD_KINDS, RECALL
from .hc_placement import OUT_STATES


class HcCollectionHold(models.Model):
    """What a hold means for cases that are with an agency."""

    _inherit = "hc.collection.hold"

    def _after_placing(self):
        for hold in self.filtered(lambda one: HOLD_KINDS[one.kind].at_agency):
            held = hold.case_ids
            for placement in hold.account_id.placement_ids:
                cases = placement._get_placed_cases()
                touches = not held or not cases or held & cases
                if placement.state in OUT_STATES and touches:
                    hold._tell_agency(placement)
        return super()._after_placing()

    def _tell_agency(self, placement):
        """Take a held case back from its agency, or let a person decide, by the kind of hold."""
        kind = HOLD_KINDS[self.kind]
        if kind.at_agency == RECALL and placement.state == "placed":
            placement._recall(self.env._("%(hold)s: %(why)s", hold=kind.name, why=self.reason))
        elif kind.at_agency == DECIDE:
            placement._open_item(
                "placement_hold",
                self.env._(
                    "%(hold)s: is %(placement)s to be recalled from %(agency)s?",
                    hold=kind.name,
                    placement=placement.name,
                    agency=placement.agency_id.name,
                ),
                severity="warning",
            )
