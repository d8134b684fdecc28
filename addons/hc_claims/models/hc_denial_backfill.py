# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Denials of answers that were posted before there were any: derived in sets, once each."""

from odoo import api, models
from odoo.fields import Domain

from ..hc_claim_core.adjudication import REVERSAL
from ..lifecycles import DENIAL_OPEN_STATES

_WITHOUT_DENIALS = Domain(
    [
        ("state", "=", "posted"),
        ("status_code", "!=", REVERSAL),
        ("amount_denied", ">", 0),
        ("denial_ids", "=", False),
    ]
)


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    @api.model
    def _cron_derive_denials(self):
        """Scheduled Action: denials of posted answers that have none; what has some is left."""
        self._run_in_batches(_WITHOUT_DENIALS, "_derive_missing_denials")

    def _derive_missing_denials(self):
        """Derive the denials of answers and settle them by what came since, as posting does.

        A case is done as a whole, so that a later denial of the same line follows the earlier.
        """
        missing = self.search(_WITHOUT_DENIALS & Domain("case_id", "in", self.case_id.ids))
        created = missing.sorted("id")._create_denials()
        by_case = created.grouped("case_id")
        later = created.case_id.claim_ids.answer_ids._get_standing().sorted("id")
        for answer in later:
            earlier = by_case[answer.case_id].filtered(
                lambda denial, answer=answer: (
                    denial.answer_id.id < answer.id and denial.state in DENIAL_OPEN_STATES
                )
            )
            if earlier:
                answer._settle_denials(earlier, answer.sudo().denial_ids)
        created.filtered(lambda denial: denial.state == "new")._close_where_nothing_is_open()


class HcDenial(models.Model):
    _inherit = "hc.denial"

    def _close_where_nothing_is_open(self):
        """What people wrote off, or were paid, before it was listed is nothing to work on."""
        for denial in self:
            items = denial.case_id._get_party_items(denial.claim_id._responsibility)
            left = sum(items.mapped("amount_residual"))
            if denial.currency_id.compare_amounts(left, 0) <= 0:
                denial._close("adjusted", reason=self.env._("nothing was open when it was derived"))
