# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_payer import PAYER_TYPES


class HcPayerDeadline(models.Model):
    """How long an appeal of each level may be filed: by payer, by type of payer, or by default.

    Days are counted from the day of the remittance for the first level, from the day of the
    decision for the others. A rule of the law is shipped with its source; what a contract rules
    is marked so, and is to be checked against it.
    """

    _name = "hc.payer.deadline"
    _description = "Appeal Deadline"
    _order = "payer_id, payer_type, level"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="What the payer calls this level.")
    payer_id = fields.Many2one(
        "hc.payer", index=True, ondelete="cascade", help="Empty: all payers of the type."
    )
    payer_type = fields.Selection(
        PAYER_TYPES, index=True, help="Empty, without payer: all payers that have no own rows."
    )
    company_id = fields.Many2one(related="payer_id.company_id", store=True, index=True)
    level = fields.Integer(required=True, default=1, aggregator=None)
    days = fields.Integer(required=True, aggregator=None)
    counted_from = fields.Selection(
        [("denial", "Day of the Remittance"), ("decision", "Day of the Decision Before")],
        compute="_compute_counted_from",
    )
    minimum_amount = fields.Integer(
        "Amount in Controversy", help="Least amount for this level, in whole units; 0: any."
    )
    is_by_contract = fields.Boolean(
        "By Contract: Check", help="A careful default; the payer's contract or manual decides."
    )
    source = fields.Char(help="Law, contract or manual that says so.")
    active = fields.Boolean(default=True)

    _level_unique = models.UniqueIndex(
        "(payer_id, payer_type, level) NULLS NOT DISTINCT WHERE active",
        "This payer or type has this level already.",
    )
    _values_sane = models.Constraint(
        "CHECK (level BETWEEN 1 AND 9 AND days BETWEEN 1 AND 3650 AND minimum_amount >= 0)",
        "Levels count from 1 to 9, a deadline has 1 to 3650 days.",
    )

    @api.depends("level")
    def _compute_counted_from(self):
        for row in self:
            row.counted_from = "denial" if row.level == 1 else "decision"

    @api.constrains("payer_id", "payer_type")
    def _check_scope(self):
        for row in self:
            if row.payer_id and row.payer_type:
                raise ValidationError(
                    self.env._("A deadline is of one payer or of a type of payers, not of both.")
                )

    @api.model
    def _get_levels(self, payers):
        """The levels of each payer: its own rows, else those of its type, else the default.

        :return: ``{payer id: {level: row}}``
        """
        rows = self.sudo().search(
            Domain("payer_id", "in", payers.ids)
            | Domain("payer_id", "=", False)
            & Domain("payer_type", "in", [False, *{payer.payer_type for payer in payers}])
        )
        by_scope = {}
        for row in rows:
            key = row.payer_id.id or row.payer_type or ""
            by_scope.setdefault(key, {})[row.level] = row
        return {
            payer.id: by_scope.get(payer.id)
            or by_scope.get(payer.payer_type)
            or by_scope.get("")
            or {}
            for payer in payers
        }


class HcPayer(models.Model):
    _inherit = "hc.payer"

    deadline_ids = fields.One2many("hc.payer.deadline", "payer_id", "Appeal Deadlines")
