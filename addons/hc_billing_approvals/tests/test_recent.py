# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from ..hc_approval_core.policy import Aggregation
from .approval_common import ApprovalCommon

_WINDOW_DAYS = 30


@tagged("post_install", "-at_install")
class TestRecent(ApprovalCommon):
    """What counts together, against a plain count of every pair."""

    def setUp(self):
        super().setUp()
        rng = Random(4)
        self.other_case = self._create_case("AP-2", 60)
        reasons = self.env["hc.reason.code"].search([("usage", "=", "write_off")], limit=2)
        self.actions = self.env["hc.controlled.action"].browse()
        for number in range(24):
            self.reason = rng.choice(reasons)
            self.actions |= self._request(
                "denial_write_off",
                float(rng.randint(60, 90)),
                user=rng.choice((self.clerk, self.team_lead)),
                case=rng.choice((self.case, self.other_case)),
                key=f"recent-{number}",
            )
        for action in self.actions[::5]:
            action.with_user(action.requester_id).action_withdraw()
        for position, action in enumerate(self.actions):
            requested_at = action.create_date - timedelta(days=3 * (24 - position))
            self.env.cr.execute(
                "UPDATE hc_controlled_action SET create_date = %s WHERE id = %s",
                (requested_at, action.id),
            )
        self.env.invalidate_all()

    def _count_plainly(self, action, scope):
        since = action.create_date - timedelta(days=_WINDOW_DAYS)
        counted = self.actions.filtered(
            lambda other: (
                other.id < action.id
                and other.state in ("pending", "applied")
                and other.create_date > since
            )
        )
        if scope == "requester":
            counted = counted.filtered(lambda other: other.requester_id == action.requester_id)
        else:
            counted = counted.filtered(
                lambda other: (
                    other.case_id.patient_id == action.case_id.patient_id
                    and other.reason_code_id == action.reason_code_id
                )
            )
        return sum(counted.mapped("amount"))

    def test_sums_are_those_of_a_plain_count(self):
        policies = self.env["hc.approval.policy"]
        for scope in ("requester", "patient_reason"):
            aggregation = Aggregation("denial_write_off", scope, _WINDOW_DAYS)
            found = policies._find_recent(self.actions, aggregation)
            for action in self.actions:
                with self.subTest(scope=scope, action=action.idempotency_key):
                    self.assertAlmostEqual(
                        sum(amount for amount, _currency in found[action.id]),
                        self._count_plainly(action, scope),
                    )
                    # One asked alone gets the answer that it gets in a set.
                    alone = policies._find_recent(action, aggregation)
                    self.assertEqual(
                        [round(amount, 2) for amount, _currency in alone[action.id]],
                        [round(amount, 2) for amount, _currency in found[action.id]],
                    )

    def test_what_is_split_over_related_kinds_adds_up(self):
        policies = self.env["hc.approval.policy"]
        aggregation = Aggregation("denial_write_off", "requester", _WINDOW_DAYS)
        last = self.actions[-1]
        together = self._sum_recent(policies, last, aggregation)
        self.env.cr.execute(
            "UPDATE hc_controlled_action SET kind = 'bad_debt' WHERE id = ANY(%s)",
            (self.actions[:-1].ids,),
        )
        self.env.invalidate_all()
        self.assertEqual(self._sum_recent(policies, last, aggregation), 0)
        related = {"denial_write_off": "denial_write_off", "bad_debt": "denial_write_off"}
        with patch.object(type(policies), "_get_related_kinds", lambda policy: related):
            self.assertAlmostEqual(self._sum_recent(policies, last, aggregation), together)
        self.assertGreater(together, 0)

    def _sum_recent(self, policies, action, aggregation):
        return sum(
            amount for amount, _each in policies._find_recent(action, aggregation)[action.id]
        )
