# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)

from odoo.fields import Command
from odoo.tests import tagged

from .common import HcCommon
from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestSecurityRpc(RpcCase, HcCommon):
    """The same attacks over the wire, with real sessions and keys of real users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("rpc.clerk", "clerk")
        cls.executive = cls._create_user("rpc.executive", "executive")
        cls.portal = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Portal",
                    "login": "rpc.portal",
                    "password": "rpc.portal",
                    "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
                }
            )
        )
        cls.patient.facility_ids = [Command.link(cls.facility.id)]
        cls.encounter = cls._create_encounter("RPC-1")
        cls.encounter.action_complete()
        cls.encounter._prepare_billing()
        cls.case = cls.encounter.case_ids
        cls.entry = cls.env["hc.transition"].search(
            [("res_model", "=", "hc.billing.case"), ("res_id", "=", cls.case.id)], limit=1
        )

    def test_states_and_figures_are_not_written(self):
        contexts = ({}, {"hc_permits": True, "install_mode": True}, {"tracking_disable": True})
        charge = self.case.charge_ids[:1]
        for context in contexts:
            for model, ids, vals in (
                ("hc.billing.case", self.case.ids, {"stage": "ready"}),
                ("hc.billing.case", self.case.ids, {"amount_charged": 0}),
                ("hc.encounter", self.encounter.ids, {"coding_state": "approved"}),
                ("hc.charge", charge.ids, {"amount": 1}),
                ("hc.transition", self.entry.ids, {"reason": "x"}),
            ):
                answer = self._call_kw(self.clerk, model, "write", [ids, vals], context)
                self._assert_refused(answer)
                answer = self._call_kw(
                    self.clerk, model, "web_save", [ids, vals], context, specification={}
                )
                self._assert_refused(answer)
        self.assertEqual(self.case.stage, "coding")
        attempts = self.env["hc.refused.attempt"].search([("user_id", "=", self.clerk.id)])
        self.assertEqual(set(attempts.mapped("refusal")), {"guarded_field", "append_only"})
        self.assertEqual(set(attempts.mapped("remote_address")), {"127.0.0.1"})

    def test_private_methods_are_not_called(self):
        for model, method in (
            ("hc.billing.case", "_transition"),
            ("hc.billing.case", "_write_guarded"),
            ("hc.billing.case", "_run_readiness"),
            ("hc.controlled.action", "_apply"),
            ("hc.transition", "_append"),
            ("hc.transition", "init"),
            ("hc.demo", "_generate"),
        ):
            self._assert_refused(self._call_kw(self.clerk, model, method, [self.case.ids]))

    def test_the_log_is_not_emptied(self):
        for method in ("unlink", "create"):
            self._assert_refused(
                self._call_kw(self.clerk, "hc.transition", method, [self.entry.ids])
            )
        self.assertTrue(self.entry.exists())

    def test_patient_data_is_not_served_to_who_may_not_see_it(self):
        refused = (
            ("hc.patient", "search_read", [[], ["last_name"]]),
            ("hc.patient", "search", [[["last_name", "like", "D%"]]]),
            ("hc.billing.case", "search", [[["patient_id.last_name", "=", "Doe"]]]),
            (
                "hc.billing.case",
                "web_search_read",
                [[], {"patient_id": {"fields": {"last_name": {}}}}],
            ),
            ("hc.patient", "web_read_group", [[], ["last_name"]]),
        )
        for model, method, args in refused:
            self._assert_refused(self._call_kw(self.executive, model, method, args))
        names = self._call_kw(self.executive, "hc.patient", "name_search", ["Doe"])
        self.assertEqual(names, [])

    def test_the_external_interface_refuses_the_same(self):
        status, _text = self._call_json2(
            self.clerk,
            "hc.billing.case",
            "write",
            ids=self.case.ids,
            vals={"stage": "ready"},
            context={"hc_permits": True},
        )
        self.assertEqual(status, 403)
        status, text = self._call_json2(
            self.executive, "hc.patient", "search_read", domain=[], fields=["last_name"]
        )
        self.assertEqual(status, 403)
        self.assertNotIn("Doe", text)
        status, _text = self._call_json2(
            self.clerk, "hc.billing.case", "_transition", ids=self.case.ids, target="ready"
        )
        self.assertIn(status, (403, 404, 422))
        self.assertEqual(self.case.stage, "coding")

    def test_portal_users_and_strangers_get_nothing(self):
        for model in ("hc.patient", "hc.billing.case", "hc.transition", "hc.balance", "hc.home"):
            method = "get_home_data" if model == "hc.home" else "search_read"
            args = [] if model == "hc.home" else [[], ["id"]]
            self._assert_refused(self._call_kw(self.portal, model, method, args))
        self.logout()
        response = self.url_open(
            "/json/2/hc.patient/search_read",
            data="{}",
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 401)
