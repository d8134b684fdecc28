# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .common import HcCommon
from .rpc_common import RpcCase


@tagged("post_install", "-at_install")
class TestConfigRpc(RpcCase, HcCommon):
    """Configuration over the wire: a system administrator tries the short way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("rpc.clerk", "clerk")
        cls.system = cls._create_user("rpc.system", "administrator", "manager", "compliance")
        cls.system.group_ids |= cls.env.ref("base.group_system")
        cls.cron = cls.env.ref("hc_revenue_base.ir_cron_sweep_stalled")
        cls.queue = cls.env.ref("hc_revenue_base.work_queue_edi")

    def test_direct_writes_are_refused_in_every_context(self):
        forged = {"install_mode": True, "_force_unlink": True, "hc_config_permits": True}
        for model, ids, method, *rest in (
            ("ir.cron", self.cron.ids, "write", {"active": False}),
            ("ir.cron", self.cron.ids, "unlink"),
            ("ir.actions.server", self.cron.ir_actions_server_id.ids, "write", {"code": "1"}),
            ("hc.work.queue", self.queue.ids, "write", {"sla_hours": 1}),
            ("hc.work.queue", self.queue.ids, "action_archive"),
            ("hc.work.queue", self.queue.ids, "unlink"),
        ):
            for context in ({}, forged):
                answer = self._call_kw(self.system, model, method, (ids, *rest), context)
                self.assertEqual(answer, "odoo.exceptions.AccessError", (model, method))
        self.assertTrue(self.cron.active)
        self.assertEqual(self.queue.sla_hours, 16.0)

    def test_changes_are_neither_made_up_nor_decided_by_their_requester(self):
        made_up = {
            "name": "x",
            "res_model": "hc.work.queue",
            "res_id": self.queue.id,
            "state": "approved",
            "requester_id": self.clerk.id,
        }
        answer = self._call_kw(self.system, "hc.config.change", "create", ([made_up],))
        self.assertEqual(answer, "odoo.exceptions.AccessError")
        action = self._call_kw(
            self.system, "hc.work.queue", "action_propose_change", (self.queue.ids,)
        )
        change = self.env["hc.config.change"].browse(action["res_id"])
        line = change.line_ids.filtered(lambda line: line.field_name == "sla_hours")
        values = {"reason": "now", "line_ids": [[1, line.id, {"new_value": 1}]]}
        self.assertIs(
            self._call_kw(self.system, "hc.config.change", "write", (change.ids, values)), True
        )
        self._call_kw(self.system, "hc.config.change", "action_submit", (change.ids,))
        self.assertEqual(change.state, "submitted")
        for method, *rest in (
            ("action_approve",),
            ("write", {"state": "effective"}),
            ("write", {"requester_id": self.clerk.id}),
            ("write", {"effective_at": "2000-01-01 00:00:00"}),
        ):
            answer = self._call_kw(self.system, "hc.config.change", method, (change.ids, *rest))
            self._assert_refused(answer)
        for method in ("_agree", "_take_effect", "_settle", "_config_write"):
            status, _content = self._call_json2(
                self.system, "hc.config.change", method, ids=change.ids
            )
            self.assertGreaterEqual(status, 400, method)
        self.assertEqual((change.state, self.queue.sla_hours), ("submitted", 16.0))
