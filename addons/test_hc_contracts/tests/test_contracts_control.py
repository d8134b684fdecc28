# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.trail_common import TrailCommon

from .transport_common import TransportCommon


@tagged("post_install", "-at_install")
class TestContractsControl(TransportCommon, TrailCommon):
    """Controlled actions, controlled configuration, refusals and patient data of a sibling."""

    def test_a_waiver_below_the_limit_is_performed_at_once(self):
        action = self.request.with_user(self.supervisor)._request_waiver("hardship")
        self.assertEqual((action.state, self.request.amount), ("applied", 0.0))
        self.assertEqual(action.evidence_ids.text, "hardship")

    def test_the_same_waiver_is_performed_once(self):
        request = self.request.with_user(self.supervisor)
        again = self._request_transport()
        self.assertEqual(again.amount, 40.0)
        first = again.with_user(self.supervisor)._request_waiver("hardship")
        self.assertNotEqual(first, request._request_waiver("hardship"))

    def test_the_gate_lets_a_waiver_above_the_limit_wait(self):
        self.tariff._config_write({"waiver_limit": 10.0})
        action = self.request.with_user(self.supervisor)._request_waiver("hardship")
        self.assertEqual((action.state, self.request.amount), ("pending", 40.0))
        self.assertIn("above the limit", action.gate_reason)
        action._apply()
        self.assertEqual((action.state, self.request.amount), ("applied", 0.0))

    def test_who_may_not_waive_is_refused_and_on_record(self):
        attempts = self.env["hc.refused.attempt"]
        before = attempts.search([])
        with self._request(commits=False), self.assertRaises(AccessError):
            self.request.with_user(self.clerk)._request_waiver("hardship")
        attempt = attempts.search([]) - before
        self.assertEqual(
            (attempt.operation, attempt.reason, attempt.res_id, attempt.user_id),
            ("waive", "no_waiver_right", self.request.id, self.clerk),
        )

    def test_the_limit_changes_by_a_second_person_only(self):
        administrator = self._create_user("tariff.administrator", "administrator")
        tariff = self.tariff.with_user(administrator)
        with self.assertRaisesRegex(AccessError, "Propose a Change"):
            tariff.waiver_limit = 1000.0
        tariff.name = "Van"
        change = self.env["hc.config.change"].with_user(administrator)._propose(tariff)
        line = change.line_ids.filtered(lambda line: line.field_name == "waiver_limit")
        line.new_value = 75.0
        self._agree(change)
        self.assertEqual(self.tariff.waiver_limit, 75.0)
        version = self.env["hc.config.version"]._get_last(tariff._name, tariff.id)
        self.assertEqual((version.origin, version.content["waiver_limit"]), ("change", 75.0))

    def test_the_shipped_cron_and_template_are_controlled(self):
        for name in ("ir_cron_open_overdue_transports", "mail_template_transport_tariff"):
            record = self.env.ref(f"test_hc_contracts.{name}")
            self.assertTrue(record.is_hc_suite, name)
            with self.assertRaisesRegex(AccessError, "Propose a Change"):
                record.active = False

    def test_reading_a_request_is_a_read_of_its_patient(self):
        viewer = self._create_user("transport.viewer", "clerk", "phi")
        reads = self.env["hc.phi.read"]
        before = reads.search([])
        with self._request():
            self.request.with_user(viewer)._note_phi_read(["patient_id"], "report")
        row = reads.search([]) - before
        self.assertEqual((row.patient_id, row.res_model), (self.patient, "hc.transport.request"))

    def test_what_is_open_and_why(self):
        self.assertEqual(self.request._get_open_amount(), "0.00")
        self.assertEqual(
            list(self.request._explain_adjustments(["45", "NONE"], self.AS_OF)), ["45"]
        )
