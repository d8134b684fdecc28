# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.ir_http import OPERATION_SCOPE


@tagged("post_install", "-at_install")
class TestN8nWizard(HcCommon):
    """An n8n is connected in one step, and what it needs is shown once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            "n8n.administrator",
            groups="base.group_system,base.group_partner_manager",
            context={"no_reset_password": True},
        )
        cls.source = cls.env["hc.integration.source"].create(
            {"name": "n8n", "code": "n8n-tests", "kind": "orchestrator"}
        )

    def _open(self, user=None, url="https://n8n.example.org"):
        wizards = self.env["hc.n8n.wizard"].with_user(user or self.administrator)
        form = Form(wizards.with_context(default_source_id=self.source.id))
        form.n8n_url = url
        return form

    def _connect(self, **values):
        form = self._open(**values)
        text, notes = form.save()._connect()
        return dict(line.split("=", 1) for line in text.splitlines()), notes

    def _get_subscriptions(self):
        return self.env["hc.event.subscription"].search([("source_id", "=", self.source.id)])

    def test_one_step_connects(self):
        variables, notes = self._connect()
        self.assertFalse(notes)
        self.assertEqual(self.source.state, "active")
        user = self.source.user_id
        self.assertEqual((user.login, user.tz), ("system.n8n-tests", "UTC"))
        self.assertTrue(user.has_group("hc_revenue_base.group_hc_integration"))
        self.assertTrue(user.has_group("hc_revenue_base.group_hc_phi"))
        self.assertFalse(user.has_group("hc_revenue_base.group_hc_clerk"))
        found = self.env["res.users.apikeys"]._check_credentials(
            scope=OPERATION_SCOPE, key=variables["HC_ODOO_KEY"]
        )
        self.assertEqual(found, user.id)
        self.assertEqual(variables["HC_INBOUND_SOURCE"], "n8n-tests")
        secrets = self.env["hc.secret"]
        for name, code in (
            ("HC_INBOUND_SECRET", "inbound.n8n-tests"),
            ("HC_WEBHOOK_SECRETS", "outbound.n8n-tests"),
        ):
            self.assertEqual(variables[name], secrets._get_value(code, self.env.company))
        self.assertEqual(self.source.secret_id.code, "inbound.n8n-tests")
        self.assertIn("HC_PAYER_FALLBACK_URL", variables)

    def test_each_workflow_that_an_installed_module_begins_is_subscribed(self):
        types = set(self.env["hc.n8n.wizard"]._get_event_types())
        self._connect()
        subscriptions = self._get_subscriptions()
        self.assertEqual(set(subscriptions.type_ids.mapped("code")), types)
        self.assertEqual(set(subscriptions.mapped("state")) - {"draft"}, set())
        self.assertEqual(
            set(subscriptions.secret_id.mapped("code")) - {"outbound.n8n-tests"}, set()
        )
        for subscription in subscriptions:
            self.assertTrue(subscription.url.startswith("https://n8n.example.org/webhook/hc-"))

    def test_pressed_again_it_renews_and_doubles_nothing(self):
        first, _notes = self._connect()
        subscriptions = self._get_subscriptions()
        subscriptions.action_activate()
        user = self.source.user_id
        form = self._open(url="https://other.example.org")
        text, _notes = form.save()._connect()
        self.assertNotIn(first["HC_WEBHOOK_SECRETS"], text)
        self.assertEqual(self._get_subscriptions(), subscriptions)
        self.assertEqual(set(subscriptions.mapped("state")) - {"active"}, set())
        for subscription in subscriptions:
            self.assertTrue(subscription.url.startswith("https://other.example.org/"))
        self.assertEqual(self.source.user_id, user)
        values = self.env["hc.secret"]._get_values("outbound.n8n-tests", self.env.company)
        self.assertIn(first["HC_WEBHOOK_SECRETS"], values, "the old one is valid for a while")

    def test_an_n8n_inside_needs_a_second_administrators_leave(self):
        for url, target in (
            ("http://n8n:5678", "n8n"),
            ("https://10.1.2.3", "10.1.2.3/32"),
            ("https://flows.internal", "flows.internal"),
        ):
            for _time in range(2):
                _variables, notes = self._connect(url=url)
            self.assertIn(target.partition("/")[0], notes[0])
            allowance = self.env["hc.http.allowance"].search([("target", "=", target)])
            self.assertEqual(allowance.mapped("state"), ["proposed"])
            self.assertEqual(allowance.allows_plain, url.startswith("http:"))

    def test_rights_that_are_missing_are_said(self):
        self.source.user_id = self._create_user("n8n.own", "integration")
        _variables, notes = self._connect()
        said = ["See Patient Data" in note for note in notes]
        self.assertEqual(said, [True] if self._get_needy() else [])
        self.assertFalse(self.source.user_id.has_group("hc_revenue_base.group_hc_phi"))

    def _get_needy(self):
        types = set(self.env["hc.n8n.wizard"]._get_event_types())
        return types & {"eligibility_inquiry.no_answer", "exchange.ready_to_leave_text_message"}

    def test_who_may_not_create_users_chooses_one(self):
        plain = self._create_user("n8n.plain", "administrator")
        with self.assertRaisesRegex(UserError, "Ask a system administrator"):
            self._open(plain).save()._connect()
        self.source.user_id = self._create_user("n8n.chosen", "integration")
        self._open(plain).save()._connect()
        self.assertEqual(self.source.state, "active")

    def test_others_may_not(self):
        for role in ("operations", "compliance", "manager", "integration"):
            user = self._create_user(f"n8n.{role}", role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["hc.n8n.wizard"].with_user(user).create(
                    {"source_id": self.source.id, "n8n_url": "https://n8n.example.org"}
                )

    def test_only_orchestrators_are_connected_so(self):
        self.source.kind = "payer"
        with self.assertRaisesRegex(UserError, "orchestrator"):
            self._open().save()._connect()
