# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcReviewEntriesMixin(models.AbstractModel):
    """A record with an amount that may be compared with others of its kind.

    A model says which of its fields the amount is and gives the amounts of a period
    (:meth:`_review_entries`); whoever looks for amounts that stand out needs to know no more.
    """

    _name = "hc.review.entries.mixin"
    _description = "Amounts to Compare"

    # Name of the field with the amount.
    _review_amount_field = None

    @api.model
    def _review_entries(self, date_from, date_to, limit):
        """Amounts of a period, with the rights of the user, in the user's companies.

        :param date date_from: first day
        :param date date_to: last day
        :param int limit: most entries; the latest are given
        :return: list of ``ReviewEntry``
        """
        raise NotImplementedError

    @api.model
    def _search_review_entries(self, domain, order, limit):
        """Records of the user's companies that the user may read."""
        companies = [("company_id", "in", self.env.companies.ids)]
        return self.search([*domain, *companies], order=order, limit=limit)
