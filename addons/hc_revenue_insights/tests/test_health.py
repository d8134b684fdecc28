# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..controllers.health import TOKEN_CODE


@tagged("post_install", "-at_install")
class TestHealth(HcCommon):
    def _get_results(self):
        return {result.check.code: result for result in self.env["hc.health"]._get_results()}

    def test_every_check_answers_and_tells_what_to_do(self):
        for code, result in self._get_results().items():
            with self.subTest(check=code):
                self.assertTrue(result.check.advice)
                self.assertRegex(code, r"^[a-z_]+$")
                if result.check.action:
                    action = self.env.ref(result.check.action)
                    model = self.env[action.res_model]
                    model.search(self._read_domain(result.check.domain), limit=1)

    def _read_domain(self, text):
        # The page reads it in the browser; it is as plain as a literal.
        return literal_eval(text)

    def test_a_dead_job_is_seen_and_gone_when_it_is_replayed(self):
        before = self._get_results()["jobs_dead"].worst
        self.env.cr.execute(
            """INSERT INTO hc_job (name, state, method, res_model, key, attempts, max_attempts,
                                   priority, conflicts, company_id, user_id, not_before)
                    VALUES ('x', 'dead', 'x', 'hc.job', 'x', 1, 1, 10, 0, %s, %s, now())""",
            [self.company.id, self.env.uid],
        )
        result = self._get_results()["jobs_dead"]
        self.assertEqual((result.worst, result.status), (before + 1, "warning"))

    def test_a_failing_scheduled_action_is_named(self):
        cron = self.env.ref("hc_revenue_insights.ir_cron_check_alerts")
        cron.flush_recordset()
        self.env.cr.execute("UPDATE ir_cron SET failure_count = 3 WHERE id = %s", [cron.id])
        result = self._get_results()["scheduled_action_failures"]
        self.assertEqual(result.status, "failing")
        self.assertEqual(result.values[cron.name], 3.0)

    def test_the_page_shows_the_worst_first_to_those_who_run_the_system(self):
        page = self.env["hc.health.page"]
        manager = self._create_user("health.manager", "manager")
        clerk = self._create_user("health.clerk", "clerk")
        cron = self.env.ref("hc_revenue_insights.ir_cron_check_alerts")
        self.env.cr.execute("UPDATE ir_cron SET failure_count = 3 WHERE id = %s", [cron.id])
        overview = page.with_user(manager).get_overview()
        self.assertEqual(overview["status"], "failing")
        self.assertEqual(overview["checks"][0]["status"], "failing")
        with self.assertRaises(AccessError):
            page.with_user(clerk).get_overview()


@tagged("post_install", "-at_install")
class TestHealthAddresses(HttpCase):
    def _get(self, path, token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.url_open(path, headers=headers)

    def _set_token(self):
        self.env["hc.secret"].create(
            {"name": "Monitoring", "code": TOKEN_CODE, "value": "a-token-of-monitoring"}
        )

    def test_without_a_token_only_life_is_told(self):
        for path in ("/hc/v1/health/live", "/hc/v1/health/ready"):
            answer = self._get(path)
            self.assertEqual((answer.status_code, answer.json()), (200, {"status": "ok"}))
        for path in ("/hc/v1/health", "/hc/v1/metrics"):
            for token in (None, "wrong"):
                answer = self._get(path, token)
                self.assertEqual(answer.status_code, 401, path)
                self.assertNotIn("jobs", answer.text)

    def test_without_a_secret_no_token_opens(self):
        for token in ("", " ", "None", "False"):
            self.assertEqual(self._get("/hc/v1/metrics", token).status_code, 401)

    def test_with_the_token_details_and_metrics_are_told(self):
        self._set_token()
        answer = self._get("/hc/v1/health", "a-token-of-monitoring")
        self.assertIn(answer.status_code, (200, 503))
        self.assertIn("jobs_dead", answer.json()["checks"])
        metrics = self._get("/hc/v1/metrics", "a-token-of-monitoring")
        self.assertEqual(metrics.status_code, 200)
        self.assertIn("# TYPE hc_jobs_dead_count gauge", metrics.text)
        self.assertRegex(metrics.text, r'hc_health_status\{check="jobs_dead"\} [012]')
