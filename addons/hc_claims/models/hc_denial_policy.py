# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES

# Where no row speaks of a category.
_QUEUE = "billing"
_PRIOR_PERCENT = 30


class HcDenialPolicy(models.Model):
    """What the office does about a category of denials: whose work it is, how often an appeal wins.

    The rate is the office's estimate; with each decided appeal experience takes its place.
    """

    _name = "hc.denial.policy"
    _description = "Denial Category"
    _order = "category"
    _rec_name = "category"

    category = fields.Selection(CATEGORIES, required=True, index=True)
    queue_id = fields.Many2one(
        "hc.work.queue", "Owner Queue", required=True, index=True, ondelete="restrict"
    )
    overturn_percent = fields.Integer(
        "Estimated Overturn Rate (%)",
        required=True,
        aggregator="avg",
        help="Estimate until appeals of this office were decided; review it.",
    )
    argument = fields.Html(
        translate=True,
        help="Paragraph of the appeal letter for denials of this category; people edit it there.",
    )

    _category_unique = models.UniqueIndex("(category)", "This category is there already.")
    _percent_sane = models.Constraint(
        "CHECK (overturn_percent BETWEEN 0 AND 100)", "A rate is between 0 and 100 %."
    )

    @api.depends("category")
    def _compute_display_name(self):
        labels = dict(self._fields["category"]._description_selection(self.env))
        for policy in self:
            policy.display_name = labels.get(policy.category, "")

    @api.model
    def _get_by_category(self):
        """All rows, ``{category: row}``."""
        return {row.category: row for row in self.sudo().search([("category", "!=", False)])}

    def _get_queue_code(self):
        return self.sudo().queue_id.code or _QUEUE

    def _get_prior_percent(self):
        return self.overturn_percent if self else _PRIOR_PERCENT


class HcAppealEvidenceType(models.Model):
    """What belongs into an appeal against a category of denials."""

    _name = "hc.appeal.evidence.type"
    _description = "Appeal Evidence Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    category = fields.Selection(CATEGORIES, index=True, help="Empty: every appeal.")
    is_required = fields.Boolean("Required", default=True)
    sequence = fields.Integer(default=10)
    hint = fields.Char(translate=True, help="Where it is found, what it has to show.")
    active = fields.Boolean(default=True)

    @api.model
    def _get_for(self, categories):
        """Evidence that an appeal against these categories needs, the common one first."""
        return self.sudo().search([("category", "in", [False, *categories])])
