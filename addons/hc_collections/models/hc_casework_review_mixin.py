# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.review import ReviewField


class HcCaseworkReviewMixin(models.AbstractModel):
    """What the reviewable records of collections have in common: money, and people who work them.

    The model has a ``company_id`` and a ``currency_id``.
    """

    _name = "hc.casework.review.mixin"
    _description = "Reviewable Record of Collections"
    _inherit = ["hc.reviewable.mixin"]

    def _get_exact(self, amount):
        """An amount of the record as a ``Decimal`` with the places of its currency."""
        return Decimal(float_repr(amount, self.currency_id.decimal_places))

    def _get_people_field(self, label, **options):
        """What may be proposed where a collector of the record's company is asked for.

        :param str label: of the field
        :param options: of ``ReviewField``
        :return: None where there is no collector
        """
        users = self.env.ref("hc_revenue_base.group_hc_collector").sudo().all_user_ids
        ids = tuple(users.filtered(lambda user: self.company_id in user.company_ids).ids)
        return ReviewField("record", label, ids, **options) if ids else None
