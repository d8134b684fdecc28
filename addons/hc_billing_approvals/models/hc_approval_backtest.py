# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import Counter
from datetime import timedelta

from odoo import fields, models

BACKTEST_DAYS = 90
_ACTION_LIMIT = 20_000


class HcApprovalPolicy(models.Model):
    """What a draft would have done with the requests of the last months."""

    _inherit = "hc.approval.policy"

    backtest_html = fields.Html("Test Run", compute="_compute_backtest_html", sanitize=False)

    def _compute_backtest_html(self):
        for policy in self:
            rows = policy._backtest() if policy.state in ("draft", "submitted") else []
            policy.backtest_html = self.env["ir.qweb"]._render(
                "hc_billing_approvals.hc_approval_policy_backtest",
                {"rows": rows, "days": BACKTEST_DAYS, "changed": [r for r in rows if r["changed"]]},
            )

    def _backtest(self):
        """Route the requests of the last 90 days by this version.

        :return: dicts with kind, route then, route now, count, amount and whether it changed;
            the changed ones first
        """
        self.ensure_one()
        since = self.env.cr.now() - timedelta(days=BACKTEST_DAYS)
        domain = [("create_date", ">=", since)]
        if self.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        actions = (
            self.env["hc.controlled.action"]
            .sudo()
            .search(domain, order="id desc", limit=_ACTION_LIMIT)
        )
        kinds = dict(actions._fields["kind"]._description_selection(self.env))
        router, sums = self._get_draft_router(), self._add_up(actions)
        counts, amounts = Counter(), Counter()
        for action in actions:
            before = action.approval_request_ids.route_id.code or ""
            after = self._route_code(router, action, sums.get(action.id))
            key = (kinds[action.kind], before, after)
            counts[key] += 1
            amounts[key] += action.amount
        rows = [
            {
                "kind": kind,
                "before": before,
                "after": after,
                "count": count,
                "amount": amounts[kind, before, after],
                # Acts that the policy allowed have no request that tells their route.
                "changed": before != after if before else after not in self._automatic_codes(),
            }
            for (kind, before, after), count in counts.items()
        ]
        return sorted(rows, key=lambda row: (not row["changed"], row["kind"], row["after"]))

    def _route_code(self, router, action, aggregated_amount):
        routing = router.route(self._prepare_facts(action, aggregated_amount))
        return routing.route.code if routing.route else " / ".join(routing.matched)

    def _automatic_codes(self):
        return set(self.route_ids.filtered("is_automatic").mapped("code"))

    def _describe_backtest(self):
        """The test run in a few lines, as evidence for those who approve the version."""
        rows = self._backtest()
        changed = [row for row in rows if row["changed"]]
        lines = [
            self.env._(
                "%(total)s requests of the last %(days)s days; %(changed)s would go another way.",
                total=sum(row["count"] for row in rows),
                days=BACKTEST_DAYS,
                changed=sum(row["count"] for row in changed),
            )
        ]
        lines += [
            f"{row['kind']}: {row['before'] or '–'} → {row['after'] or '–'} × {row['count']}"
            for row in changed[:30]
        ]
        return "\n".join(lines)
