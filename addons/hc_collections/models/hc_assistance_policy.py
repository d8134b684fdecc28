# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..hc_dunning_core.assistance import AssistancePolicy, Slab
from ..hc_dunning_core.errors import DunningError
from ..hc_dunning_core.poverty import Guideline

REGION_LABELS = [
    ("contiguous", "48 States and D.C."),
    ("alaska", "Alaska"),
    ("hawaii", "Hawaii"),
]


class HcAssistancePolicy(models.Model):
    """How applications for financial assistance are scored, from a day on.

    The hospital's own policy (26 CFR 1.501(r)-4) says the figures; those that are shipped are a
    proposal that somebody has to hold against it.
    """

    _name = "hc.assistance.policy"
    _description = "Financial Assistance Policy"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "company_id, date_from desc"
    _config_fields = (
        "date_from",
        "slabs",
        "generally_billed_percent",
        "window_days",
        "refund_minimum",
        "needs_review",
        "source",
        "active",
    )

    name = fields.Char(required=True, translate=True)
    date_from = fields.Date("In Force From", required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    slabs = fields.Char(
        "Discounts",
        required=True,
        help="Per cent of the poverty level with the discount up to it: 200:100, 300:50.",
    )
    generally_billed_percent = fields.Float(
        "Generally Billed (%)",
        digits=(5, 2),
        help="Of gross charges; who is eligible never owes more (26 CFR 1.501(r)-5). 0: unknown.",
    )
    window_days = fields.Integer(
        "Application Period (days)",
        default=240,
        help="After the first statement of a case (26 CFR 1.501(r)-1(b)(3)).",
    )
    refund_minimum = fields.Float(
        digits=(16, 2), default=5.0, help="Smaller amounts need no refund (1.501(r)-6(c)(6))."
    )
    needs_review = fields.Boolean(help="Nobody has held these figures against the source yet.")
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(coalesce(company_id, 0), date_from) WHERE active",
        "Another policy is in force from that day.",
    )
    _figures_sane = models.Constraint(
        "CHECK (window_days BETWEEN 0 AND 3650 AND refund_minimum >= 0)",
        "The period is 0 to 3650 days, the smallest refund 0 or more.",
    )

    @api.constrains("slabs", "generally_billed_percent")
    def _check_slabs(self):
        for policy in self:
            policy._get_core()

    def _get_core(self):
        """The policy as the pure scoring takes it.

        :raise ValidationError: the discounts make none
        """
        self.ensure_one()
        try:
            pairs = [part.split(":") for part in (self.slabs or "").split(",")]
            slabs = tuple(Slab(int(percent), int(discount)) for percent, discount in pairs)
            percent = self.generally_billed_percent
            return AssistancePolicy(slabs, Decimal(str(percent)) if percent else None)
        except (ValueError, DunningError) as error:
            raise ValidationError(
                self.env._(
                    "%(policy)s: “%(slabs)s” makes no scale. Write per cent of the poverty level "
                    "with the discount up to it, rising and falling, as in 200:100, 300:50.",
                    policy=self.name,
                    slabs=self.slabs,
                )
            ) from error

    @api.model
    def _get_in_force(self, company, as_of):
        """The policy of a company on a day; its own before that of all companies.

        :raise UserError: there is none
        """
        policies = self.sudo().search(
            [("company_id", "in", (company.id, False)), ("date_from", "<=", as_of)],
            order="date_from desc",
        )
        own = policies.filtered("company_id")
        if not policies:
            raise UserError(self.env._("No financial assistance policy is in force on %s.", as_of))
        return (own or policies)[0]


class HcPovertyGuideline(models.Model):
    """The poverty guideline of a region and year."""

    _name = "hc.poverty.guideline"
    _description = "Poverty Guideline"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "effective_from desc, region"
    _rec_name = "year"
    _config_fields = (
        "year",
        "effective_from",
        "region",
        "for_one",
        "for_each_more",
        "needs_review",
        "source",
        "active",
    )

    year = fields.Integer(required=True, aggregator=None)
    effective_from = fields.Date(required=True)
    region = fields.Selection(REGION_LABELS, required=True, default="contiguous")
    for_one = fields.Float(
        "Household of One", digits=(16, 2), required=True, help="US dollars a year."
    )
    for_each_more = fields.Float("Each Further Person", digits=(16, 2), required=True)
    needs_review = fields.Boolean(default=True)
    source = fields.Char(required=True)
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(region, effective_from) WHERE active", "This region has a guideline from that day."
    )
    _above_zero = models.Constraint(
        "CHECK (for_one > 0 AND for_each_more > 0)", "Poverty levels are above zero."
    )

    @api.model
    def _get_core(self):
        """All guidelines, as the pure scoring takes them."""
        return tuple(
            Guideline(
                row.year,
                row.effective_from,
                row.region,
                Decimal(str(row.for_one)),
                Decimal(str(row.for_each_more)),
                row.source,
                row.needs_review,
            )
            for row in self.sudo().search([("active", "=", True)])
        )
