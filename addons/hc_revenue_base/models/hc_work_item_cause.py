# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_core.review import ReviewField


class HcWorkItem(models.Model):
    """Why an exception came up at all: what a root-cause review counts, and what advice learns."""

    _inherit = "hc.work.item"

    cause = fields.Selection(
        [
            ("registration", "Registration"),
            ("eligibility", "Coverage or Eligibility"),
            ("authorization", "Authorization"),
            ("documentation", "Documentation"),
            ("coding", "Coding"),
            ("charge_entry", "Charge Entry"),
            ("contract", "Contract or Fee Schedule"),
            ("payer_rule", "Rule of the Payer"),
            ("duplicate", "Duplicate"),
            ("system", "System or Interface"),
            ("other", "Other"),
        ],
        index="btree_not_null",
        tracking=True,
        help="Where it went wrong, not where it was found.",
    )

    def _review_fields(self):
        causes = tuple(code for code, _label in self._fields["cause"].selection)
        cause = ReviewField("choice", self.env._("Cause"), causes)
        return {**super()._review_fields(), "cause": cause}
