# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from ..hc_dunning_core.cadence_policy import PORTAL


class HcCadencePolicy(models.Model):
    """What a policy may leave to the patients' portal."""

    _inherit = "hc.cadence.policy"

    def _get_objections(self):
        """The portal shows statements and no other words: another level would tell nobody."""
        unseen = self.level_ids.filtered(
            lambda level: (
                self.party == "patient"
                and PORTAL in (level.channel, level.fallback_channel)
                and level.purpose != "statement"
            )
        )
        return super()._get_objections() + [
            self.env._(
                "level %(level)s goes to the patients' portal, which shows statements only: give "
                "it the purpose Statement, or another channel",
                level=level.display_name,
            )
            for level in unseen
        ]
