# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..hc_core import readiness
from ..models.hc_controlled_action import GateDecision, HcControlledAction
from .readiness_common import ReadinessCommon

JUSTIFICATION = "The payer confirmed the coverage on the phone, reference 4711."


@tagged("post_install", "-at_install")
class TestReadinessOverride(ReadinessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("override.clerk", "clerk")
        cls.reason = cls.env["hc.reason.code"].search([("usage", "=", "override")], limit=1)
        cls.today = fields.Date.context_today(cls.reason)
        # Overrides count from today; so do the cases here.
        cls.payer.timely_filing_days = 100_000
        cls.patient.city = False
        cls.case = cls._create_case()
        cls.case._run_readiness()
        cls.finding = cls.case.open_finding_ids

    def _create_wizard(self, days=10, **vals):
        wizard = self.env["hc.finding.override.wizard"].with_user(self.clerk)
        return wizard.create(
            {
                "finding_id": self.finding.id,
                "reason_code_id": self.reason.id,
                "justification": JUSTIFICATION,
                "expires_on": self.today + timedelta(days=days),
                **vals,
            }
        )

    def _override(self, **vals):
        self._create_wizard(**vals).action_request()
        return self.finding.override_action_id

    def test_a_clerk_overrides_and_the_case_passes_with_a_note(self):
        self.assertEqual(self.finding.rule_code, "DEM-01")
        action = self._override()
        self.assertEqual((action.kind, action.state), ("billing_override", "applied"))
        self.assertEqual(action.requester_id, self.clerk)
        self.assertEqual(action.exception_category, "demographics")
        self.assertEqual(self.case.stage, "ready")
        self.assertEqual(self.finding.state, "overridden")
        self.assertEqual(self.case.evaluation_id.overrides, {"DEM-01": action.id})
        self.assertEqual(self.case.evaluation_id.results["DEM-01"][0], "F")
        self.assertEqual(self.finding.work_item_id.resolution_code, "overridden")

    def test_the_override_is_in_the_log_of_the_case(self):
        action = self._override()
        entry = self.env["hc.transition"].search(
            [
                ("res_model", "=", "hc.billing.case"),
                ("res_id", "=", self.case.id),
                ("kind", "=", "override"),
            ]
        )
        self.assertEqual(entry.reason, JUSTIFICATION)
        self.assertEqual(entry.facts["action"], action.id)
        self.assertEqual(entry.facts["rule"], "DEM-01")

    def test_an_expired_override_blocks_again(self):
        self._override(days=10)
        self.case._run_readiness(self.today + timedelta(days=10))
        self.assertEqual(self.case.stage, "ready")
        self.case._run_readiness(self.today + timedelta(days=11))
        self.assertEqual(self.case.stage, "exception")
        self.assertEqual(self.finding.state, "open")
        self.assertEqual(self.finding.work_item_id.state, "open")

    def test_an_override_covers_only_what_was_seen(self):
        self._override()
        self.patient.street = False
        self.case._run_readiness()
        self.assertEqual(self.case.stage, "exception")
        self.assertIn("street", self.finding.message)

    def test_an_override_ends_with_its_cause(self):
        self._override()
        self.patient.city = "Springfield"
        self.case._run_readiness()
        self.assertEqual((self.case.stage, self.finding.state), ("ready", "resolved"))
        self.patient.city = False
        self.case._run_readiness()
        self.assertEqual(self.case.stage, "exception")

    def test_a_gate_that_waits_leaves_the_case_held(self):
        with patch.object(HcControlledAction, "_gate", lambda self: GateDecision("wait", "two")):
            self._create_wizard().action_request()
        action = self.env["hc.controlled.action"].search([("case_id", "=", self.case.id)])
        self.assertEqual((action.state, self.case.stage), ("pending", "exception"))
        action.sudo()._settle(GateDecision("allow"))
        self.assertEqual((action.state, self.case.stage), ("applied", "ready"))

    def test_an_approval_of_something_else_is_refused(self):
        with patch.object(HcControlledAction, "_gate", lambda self: GateDecision("wait", "two")):
            self._create_wizard().action_request()
        action = self.env["hc.controlled.action"].search([("case_id", "=", self.case.id)])
        self.patient.street = False
        self.case._run_readiness()
        with self.assertRaisesRegex(UserError, "has changed"):
            action.sudo()._settle(GateDecision("allow"))

    def test_reason_justification_and_end_are_required(self):
        for vals in (
            {"justification": "  because I say so  "},
            {"days": 91},
            {"days": -1},
            {
                "reason_code_id": self.env["hc.reason.code"]
                .search([("usage", "=", "cancel")], limit=1)
                .id
            },
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._create_wizard(**vals).action_request()
        self.assertEqual(self.finding.state, "open")

    def test_a_reader_may_not_request(self):
        reader = self._create_user("override.reader", "executive")
        with self.assertRaises(AccessError):
            self._create_wizard().with_user(reader).action_request()

    def test_a_rule_error_cannot_be_overridden(self):
        with patch.object(readiness.documents, "derive", lambda sheet: {}):
            self.case._run_readiness()
        error = self.case.open_finding_ids.filtered("is_rule_error")[:1]
        with self.assertRaisesRegex(UserError, "could not be evaluated"):
            error.action_override()

    def test_a_warning_needs_no_override(self):
        self.case.charge_ids._write_guarded({"charged_on": self.today})
        self.case._run_readiness()
        warning = self.case.open_finding_ids.filtered(lambda f: f.severity == "warning")
        with self.assertRaisesRegex(UserError, "blocking"):
            warning.action_override()
