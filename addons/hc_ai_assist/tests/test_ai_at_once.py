# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiAtOnce(AiCommon):
    """An Automation Rule has new records advised on by a job, as far as policies allow it."""

    def _switch(self, mode):
        automation = self.env["hc.automation"].search([("code", "=", "advise_on_exceptions")])
        automation._transition_where_allowed(mode)

    def _open(self, number):
        vals = {"kind": "stalled", "name": "New", "queue_code": "billing"}
        return self.env["hc.work.item"]._open([vals | {"dedup_key": f"at-once-{number}"}])

    def _get_jobs(self):
        return self.env["hc.job"].search(
            [("res_model", "=", "hc.ai.policy"), ("method", "=", "_job_advise")]
        )

    def _get_suggestions(self, item):
        return self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("res_id", "=", item.id)]
        )

    def test_off_nothing_is_asked(self):
        self._go_live()
        self._switch("off")
        before = self._get_jobs()
        self._open(1)
        self.assertEqual(self._get_jobs(), before)

    def test_on_a_job_of_the_responsible_advises_once(self):
        self._go_live()
        self._switch("on")
        item = self._open(1)
        jobs = self._get_jobs()
        self.assertEqual(jobs.user_id, self.policy.responsible_id)
        self.assertEqual(jobs.arguments, {"record_ids": item.ids})
        policy = self.policy.with_user(self.policy.responsible_id)
        policy._job_advise(item.ids)
        self.assertEqual(len(self._get_suggestions(item)), 1)
        policy._job_advise(item.ids)
        self.assertEqual(len(self._get_suggestions(item)), 1)

    def test_a_policy_that_was_switched_off_meanwhile_says_nothing(self):
        self._go_live()
        self._switch("on")
        item = self._open(1)
        self.policy.action_off()
        self.policy._job_advise(item.ids)
        self.assertFalse(self._get_suggestions(item))

    def test_with_every_policy_off_no_job_is_entered(self):
        self.env["hc.ai.policy"].search([("mode", "!=", "off")]).action_off()
        self._switch("on")
        before = self._get_jobs()
        self._open(1)
        self.assertEqual(self._get_jobs(), before)

    def test_the_cause_of_an_exception_is_learned_like_any_choice(self):
        policies = self.env["hc.ai.policy"]
        policies._offer_missing()
        policy = policies.search(
            [("res_model", "=", "hc.work.item"), ("field_name", "=", "cause")], limit=1
        )
        self.assertEqual((policy.task_code, policy.mode), ("choose", "off"))
        policy.responsible_id = self.policy.responsible_id
        policy.action_shadow()
        advice = policy._advise(self._open(1).with_user(policy.responsible_id))
        self.assertEqual((advice.state, advice.value), ("abstained", False))
