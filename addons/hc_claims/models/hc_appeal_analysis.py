# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES

from ..lifecycles import APPEAL, APPEAL_DECIDED_STATES, APPEAL_WON_STATES


class HcAppealAnalysis(models.Model):
    """How often appeals win: decided appeals by denial, with payer, reason and level."""

    _name = "hc.appeal.analysis"
    _description = "Overturn Statistics"
    _auto = False
    _order = "decided_on desc, id desc"
    _rec_name = "reason_code"
    _depends = {
        "hc.appeal": ["state", "level", "level_name", "decided_on", "claim_id", "denial_ids"],
        "hc.denial": [
            "reason_code",
            "group_code",
            "category",
            "amount_denied",
            "amount_recovered",
            "payer_id",
            "facility_id",
            "practitioner_id",
            "appeal_result",
        ],
    }

    appeal_id = fields.Many2one("hc.appeal", readonly=True)
    denial_id = fields.Many2one("hc.denial", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    practitioner_id = fields.Many2one("hc.practitioner", "Provider", readonly=True)
    state = fields.Selection(APPEAL.selection(), "Decision", readonly=True)
    level = fields.Integer("Level No.", readonly=True, aggregator=None)
    level_name = fields.Char("Level", readonly=True)
    decided_on = fields.Date(readonly=True)
    group_code = fields.Char("Group", readonly=True)
    reason_code = fields.Char("Reason", readonly=True)
    category = fields.Selection(CATEGORIES, readonly=True)
    amount_denied = fields.Monetary("In Dispute", readonly=True)
    amount_recovered = fields.Monetary("Recovered", readonly=True)
    won_percent = fields.Float("Overturn Rate (%)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT appeal.id::bigint * 10000000 + denial.id AS id, appeal.id AS appeal_id,
                   denial.id AS denial_id, appeal.company_id, appeal.currency_id,
                   appeal.payer_id, appeal.facility_id, denial.practitioner_id, appeal.state,
                   appeal.level, appeal.level_name, appeal.decided_on, denial.group_code,
                   denial.reason_code, denial.category, denial.amount_denied,
                   denial.amount_recovered,
                   CASE WHEN appeal.state = 'overturned'
                          OR (appeal.state IN %(won)s AND denial.appeal_result = 'won')
                        THEN 100.0 ELSE 0.0 END AS won_percent
              FROM hc_appeal appeal
              JOIN hc_appeal_hc_denial_rel link ON link.hc_appeal_id = appeal.id
              JOIN hc_denial denial ON denial.id = link.hc_denial_id
             WHERE appeal.state IN %(decided)s
            """,
            won=APPEAL_WON_STATES,
            decided=APPEAL_DECIDED_STATES,
        )
