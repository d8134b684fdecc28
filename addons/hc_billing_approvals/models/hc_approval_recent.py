# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import timedelta
from itertools import accumulate

from odoo import api, models, tools
from odoo.tools import SQL


class HcApprovalPolicy(models.Model):
    """Acts that count together: what is split goes where its sum goes."""

    _inherit = "hc.approval.policy"

    def _add_up(self, actions):
        """Each act and the recent ones that count with it; the largest sum of any scope.

        :return: ``{action id: amount in the policy's currency}``, for kinds that are added up
        """
        sums = {}
        for aggregation in self._get_draft_router().policy.aggregations:
            kinds = self._get_kinds_routed_as(aggregation.kind)
            counted = actions.filtered(lambda each, kinds=kinds: each.kind in kinds)
            recent = self._find_recent(counted, aggregation) if counted else {}
            for action in counted:
                amount = self._convert(action.amount, action.currency_id, action)
                amount += sum(
                    self._convert(each, self.env["res.currency"].browse(currency_id), action)
                    for each, currency_id in recent.get(action.id, ())
                )
                sums[action.id] = max(amount, sums.get(action.id, amount))
        return sums

    def _get_kinds_routed_as(self, kind):
        """The kinds that take the routes of a kind; split over them, acts still add up."""
        own = set(self.route_ids.mapped("kind"))
        return [
            each
            for each, related in self._get_related_kinds().items()
            if each == kind or (related == kind and each not in own)
        ]

    @api.model
    @tools.ormcache()
    def _get_related_kinds(self):
        """The kind whose rules decide for each kind that has none of its own."""
        actions = self.env["hc.controlled.action"]
        kinds = actions._fields["kind"].get_values(self.env)
        return {kind: actions.new({"kind": kind})._get_related_kind() for kind in kinds}

    def _find_recent(self, actions, aggregation):
        """Sums of the recent acts that count with each: ``{action id: [(amount, currency id)]}``.

        Recent is what was requested before, within the window; a set of many is asked at once.
        """
        actions.flush_model()
        rows = self.env.execute_query(self._select_countable(actions, aggregation))
        piles = defaultdict(list)
        for action_id, key, currency_id, amount, requested_at in rows:
            piles[key, currency_id].append((action_id, amount, requested_at))
        own = {action_id: (key, requested_at) for action_id, key, _, _, requested_at in rows}
        currencies = {currency_id for _key, currency_id in piles}
        piles = {place: _Pile(pile) for place, pile in piles.items()}
        window = timedelta(days=aggregation.window_days)
        found = {}
        for action in actions:
            key, requested_at = own[action.id]
            sums = [
                (piles[key, each].sum_before(action.id, requested_at - window), each)
                for each in currencies
                if key is not None and (key, each) in piles
            ]
            found[action.id] = [(amount, each) for amount, each in sums if amount]
        return found

    def _select_countable(self, actions, aggregation):
        """The acts, and all that may count with one of them, with what they share."""
        key, same = {
            "requester": (
                SQL("act.requester_id"),
                SQL("act.requester_id = ANY(%s)", actions.requester_id.ids),
            ),
            "patient_reason": (
                SQL("act_case.patient_id || '/' || coalesce(act.reason_code_id, 0)"),
                SQL("act_case.patient_id = ANY(%s)", actions.case_id.patient_id.ids),
            ),
        }[aggregation.scope]
        return SQL(
            """SELECT act.id, act.company_id || '/' || %(key)s, act.currency_id,
                      CASE WHEN %(counts)s THEN act.amount::float ELSE 0 END, act.create_date
                 FROM hc_controlled_action act
            LEFT JOIN hc_billing_case act_case ON act_case.id = act.case_id
                WHERE act.id = ANY(%(ids)s)
                   OR (act.company_id = ANY(%(companies)s) AND act.kind = ANY(%(kinds)s)
                       AND %(counts)s AND act.create_date > %(since)s AND %(same)s)
             ORDER BY act.id""",
            key=key,
            counts=SQL("act.state IN ('pending', 'applied')"),
            ids=actions.ids,
            companies=actions.company_id.ids,
            kinds=self._get_kinds_routed_as(aggregation.kind),
            since=min(actions.mapped("create_date")) - timedelta(days=aggregation.window_days),
            same=same,
        )


class _Pile:
    """Acts that count together, in the order of their ids, with running sums.

    Transactions overlap, so that a later id may bear an earlier time: each act counts as requested
    when the latest before it was, at the earliest. A window is never too short by this.
    """

    def __init__(self, acts):
        self._ids = [action_id for action_id, _amount, _at in acts]
        self._times = list(accumulate((at for _id, _amount, at in acts), max))
        self._sums = [0.0, *accumulate(amount for _id, amount, _at in acts)]

    def sum_before(self, action_id, since):
        """What was requested before an act, and after a time."""
        end = bisect_left(self._ids, action_id)
        start = min(bisect_right(self._times, since), end)
        return self._sums[end] - self._sums[start]
