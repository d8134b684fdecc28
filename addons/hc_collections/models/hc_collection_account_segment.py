# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.rules import PASSED

from ..hc_dunning_core.segments import behaviour_band


class HcCollectionAccount(models.Model):
    """In which segment an account stands."""

    _inherit = "hc.collection.account"

    segment_id = fields.Many2one(
        "hc.collection.segment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Sorted every night by the conditions of the segments.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"segment_id"}

    @api.model
    def _cron_assign_segments(self):
        """Sort the accounts that owe something; those that owe nothing leave their segment."""
        self._run_at_offices(
            lambda accounts: ["|", ("amount_open", ">", 0), ("segment_id", "!=", False)],
            "_assign_segments",
            batch_size=500,
        )

    def _assign_segments(self):
        """Give each account the first segment whose conditions hold; only changes are written."""
        segments = self.env["hc.collection.segment"]._get_compiled()
        facts = self._get_segment_facts(fields.Date.context_today(self))
        changed = defaultdict(list)
        for account in self:
            found = account._find_segment(segments, facts[account.id])
            if found != account.segment_id:
                changed[found.id].append(account.id)
        for segment_id, ids in changed.items():
            self.browse(ids).sudo()._write_guarded({"segment_id": segment_id})

    def _find_segment(self, segments, facts):
        nothing = self.env["hc.collection.segment"].sudo()
        if self.amount_open <= 0:
            return nothing
        return next(
            (
                segment
                for segment, rule in segments
                if (not segment.company_id or segment.company_id == self.company_id)
                and rule.judge(facts, {}).outcome == PASSED
            ),
            nothing,
        )

    def _get_segment_facts(self, as_of):
        """``{account id: facts}`` of a day, in a few queries for all accounts."""
        facts = self._get_priority_facts(as_of)
        holds = defaultdict(list)
        active = (
            self.env["hc.collection.hold"]
            .sudo()
            ._read_group(
                [("account_id", "in", self.ids), ("state", "=", "active")], ["account_id", "kind"]
            )
        )
        for account, kind in active:
            holds[account.id].append(kind)
        plans, classes = self._find_last_plans(), self._find_payer_classes()
        for account in self:
            known = facts[account.id]
            known.update(
                party=account.party,
                days_open=max(0, (as_of - account.oldest_on).days) if account.oldest_on else None,
                payer_classes=classes.get(account.id, ()),
                payment_behaviour=behaviour_band(known["late_percent"]),
                priority=account.priority_score,
                plan_state=plans.get(account.id, "none"),
                holds=holds[account.id],
                stage=account.state,
            )
        return facts

    def _find_last_plans(self):
        """``{account id: state}`` of the last plan that was put to somebody."""
        plans = (
            self.env["hc.payment.plan"]
            .sudo()
            .search([("account_id", "in", self.ids), ("state", "!=", "draft")], order="id")
        )
        return {plan.account_id.id: plan.state for plan in plans if plan.state != "cancelled"}

    def _find_payer_classes(self):
        """``{account id: [payer class]}`` of the cases with an open item."""
        self.env["account.move.line"].flush_model()
        self.env["hc.billing.case"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT hc_account.id,
                           array_agg(DISTINCT coalesce(own.payer_type, hc_case.payer_type))
                      FROM hc_collection_account hc_account
                      JOIN account_move_line line
                        ON line.partner_id = hc_account.partner_id
                       AND line.company_id = hc_account.company_id
                       AND line.parent_state = 'posted' AND line.amount_residual > 0
                      JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
                 LEFT JOIN hc_payer own ON own.id = hc_account.payer_id
                     WHERE hc_account.id = ANY(%s)
                  GROUP BY hc_account.id
                    """,
                    list(self.ids),
                )
            )
        )
