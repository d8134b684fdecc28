# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestRetention(HcCommon):
    """Contents go by age, and only as the policy says; what proves them stays."""

    def _receive(self, name, days_ago, state="done"):
        exchange = self.env["hc.exchange"]._receive("charge_csv", "ehr", name, b"a,b", name)[0]
        exchange_sudo = exchange.sudo()
        exchange_sudo._transition("processing")
        exchange_sudo._transition(state, reason="as the test wants")
        finished = self.env.cr.now() - timedelta(days=days_ago)
        exchange_sudo._write_guarded({"finished_at": finished.replace(microsecond=0)})
        return exchange_sudo

    def _erase(self):
        cron = self.env.ref("hc_revenue_base.ir_cron_erase_contents")
        self.env["hc.automation"].search([("cron_id", "=", cron.id)])._transition_where_allowed(
            "on"
        )
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _set_policy(self, **vals):
        return self.env["hc.retention.policy"].create(
            {"code": "received_files", "company_id": self.company.id, "days": 400, **vals}
        )

    def test_what_is_past_its_time_is_erased_and_still_recognised(self):
        self._set_policy()
        old, young = self._receive("old.csv", 401), self._receive("young.csv", 399)
        file_old = old.payload_attachment_id
        self.assertTrue(file_old.exists())
        self._erase()
        self.assertFalse(file_old.exists())
        self.assertTrue(old.erased_at)
        self.assertEqual((young.payload_attachment_id.raw, young.erased_at), (b"a,b", False))
        again = self.env["hc.exchange"]._receive("charge_csv", "ehr", "old.csv", b"a,b", "old.csv")
        self.assertEqual((again[0], again[1]), (old.sudo(False), "duplicate"))
        other = self.env["hc.exchange"]._receive("charge_csv", "ehr", "old.csv", b"c,d", "old.csv")
        self.assertEqual(other[1], "conflict")

    def test_without_a_policy_the_usual_time_holds(self):
        young, old = self._receive("young.csv", 2500), self._receive("old.csv", 2600)
        self._erase()
        self.assertEqual((bool(young.erased_at), bool(old.erased_at)), (False, True))

    def test_under_a_legal_hold_nothing_is_erased(self):
        policy = self._set_policy(is_held=True, hold_reason="Subpoena of 3 March")
        old = self._receive("old.csv", 5000)
        self._erase()
        self.assertFalse(old.erased_at)
        with self.assertRaises(ValidationError):
            policy.unlink()
        policy.is_held = False
        self._erase()
        self.assertTrue(old.erased_at)

    def test_what_is_not_finished_is_kept(self):
        self._set_policy()
        failed = self._receive("failed.csv", 5000, state="failed")
        self._erase()
        self.assertTrue(failed.payload_attachment_id)

    def test_a_time_that_is_too_short_and_a_hold_without_reason_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "365"):
            self._set_policy(days=30)
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._set_policy(is_held=True)
            self.env.flush_all()

    def test_compliance_decides_and_it_is_on_record(self):
        compliance = self._create_user("retention.compliance", "compliance")
        administrator = self._create_user("retention.administrator", "administrator")
        policies = self.env["hc.retention.policy"]
        policy = policies.with_user(compliance).create(
            {"code": "received_files", "company_id": self.company.id, "days": 500}
        )
        policy.with_user(compliance).write({"is_held": True, "hold_reason": "Claim of 4 May"})
        with self.assertRaises(AccessError):
            policy.with_user(administrator).write({"is_held": False})
        entries = self.env["hc.transition"].search(
            [("res_model", "=", "hc.retention.policy"), ("res_id", "=", policy.id)]
        )
        events = [entry.facts["event"] for entry in entries.sorted("sequence")]
        self.assertEqual(events, ["retention set", "retention changed"])
