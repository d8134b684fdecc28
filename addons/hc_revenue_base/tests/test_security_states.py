# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger, tagged

from .common import SERVICE_DATE, HcCommon, assert_refused
from .sample_records import create_records

ROLES = (
    "clerk",
    "coder",
    "collector",
    "claims_specialist",
    "team_lead",
    "supervisor",
    "manager",
    "finance_manager",
    "director",
    "cfo",
    "executive",
    "compliance",
    "operations",
    "integration",
    "administrator",
)
# What a caller of the external interface might put into the context to get past a control.
FORGED_CONTEXTS = (
    {},
    {"hc_permits": True, "hc_guarded": False, "bypass": True, "force": True},
    {"install_mode": True, "install_module": "hc_revenue_base", "import_file": True},
    {"tracking_disable": True, "mail_notrack": True, "active_test": False},
    {"su": True, "uid": 1, "sudo": True},
)


@tagged("post_install", "-at_install")
class TestSecurityStates(HcCommon):
    """Nobody moves a state, a log row or a fixed figure but by the record's own methods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        facilities = cls.facility | cls.other_facility
        cls.users = [
            cls._create_user(f"attacker.{role}", role, facilities=facilities) for role in ROLES
        ]
        cls.users += [cls.env.ref("base.user_admin"), cls.env.ref("base.user_root")]
        records = create_records(cls)
        for name, record in records.items():
            setattr(cls, name, record)
        cls.lifecycle_records = tuple(records.values())

    @classmethod
    def _create_case(cls, number):
        encounter = cls._create_encounter(number, services=())
        encounter.action_complete()
        encounter._prepare_billing()
        return encounter.case_ids

    def _each_attack(self, records):
        for user in self.users:
            for context in FORGED_CONTEXTS:
                for record in records:
                    yield record.with_user(user).with_context(**context)

    def test_no_role_writes_a_state_in_any_context(self):
        for record in self._each_attack(self.lifecycle_records):
            for field_name in record._lifecycles:
                for target, _label in record._get_lifecycle(field_name).selection():
                    if target == record.sudo()[field_name]:
                        continue
                    with assert_refused(self, AccessError, msg=f"{record} {field_name} {target}"):
                        record.write({field_name: target})
                    with assert_refused(self, AccessError, msg=f"{record} {field_name} {target}"):
                        record.sudo().write({field_name: target})

    def test_states_are_not_set_through_defaults_of_the_context(self):
        encounter = (
            self.env["hc.encounter"]
            .with_user(self.users[0])
            .with_context(default_state="completed", default_coding_state="approved")
            .create(self._encounter_vals("SEC-DEF-1"))
        )
        self.assertEqual((encounter.state, encounter.coding_state), ("planned", "open"))

    def test_states_are_not_set_through_defaults_that_a_user_stores(self):
        clerk = self.users[0]
        defaults = self.env["ir.default"].with_user(clerk)
        defaults.set("hc.encounter", "state", "completed", user_id=True)
        defaults.set("hc.encounter", "coding_state", "approved", user_id=True)
        encounter = (
            self.env["hc.encounter"].with_user(clerk).create(self._encounter_vals("SEC-DEF-2"))
        )
        self.assertEqual((encounter.state, encounter.coding_state), ("planned", "open"))

    def _encounter_vals(self, number):
        return {
            "number": number,
            "facility_id": self.facility.id,
            "patient_id": self.patient.id,
            "started_at": datetime(2026, 3, 2, 14),
            "ended_at": datetime(2026, 3, 2, 15),
        }

    def test_nothing_is_created_in_a_later_state(self):
        clerk = self.users[0]
        for state in ("in_progress", "completed", "cancelled"):
            with self.assertRaises(AccessError):
                self.env["hc.encounter"].with_user(clerk).create(
                    {**self._encounter_vals("SEC-LATER"), "state": state}
                )

    def test_fixed_records_are_not_created_by_anyone(self):
        attempts = {
            "hc.charge": {
                "service_line_id": self.encounter.service_line_ids[:1].id,
                "service_date": SERVICE_DATE,
                "code_id": self.visit_code.id,
                "units": 1,
                "unit_price": 1,
                "amount": 1,
            },
            "hc.billing.case": {"encounter_id": self.encounter.id, "name": "X"},
            "hc.controlled.action": {
                "name": "x",
                "kind": "credit_note",
                "res_model": "res.users",
                "res_id": 1,
                "requester_id": 1,
                "idempotency_key": "x",
            },
            "hc.action.evidence": {
                "action_id": self.action.id,
                "evidence_type": "justification",
                "text": "x",
            },
            "hc.exchange": {
                "name": "x",
                "document_type": "charge_csv",
                "source": "x",
                "external_id": "x",
                "checksum": "x",
            },
            "hc.job": {"name": "x", "method": "unlink", "res_model": "hc.patient", "key": "x"},
            "hc.transition": {"res_model": "res.users", "res_id": 1, "kind": "event"},
            "hc.transition.seal": {"position": 1},
            "hc.readiness.evaluation": {"case_id": self.case.id},
        }
        for model_name, vals in attempts.items():
            for user in self.users:
                for context in FORGED_CONTEXTS:
                    model = self.env[model_name].with_user(user).with_context(**context)
                    with assert_refused(self, AccessError, msg=f"{model_name} {user.login}"):
                        model.create(vals)
                    with assert_refused(self, AccessError, msg=f"{model_name} {user.login}"):
                        model.sudo().create(vals)

    def test_figures_and_links_are_not_written(self):
        attempts = (
            (self.charge, {"amount": 1.0}),
            (self.charge, {"unit_price": 1.0, "units": 9}),
            (self.charge, {"case_id": False}),
            (self.charge, {"facility_id": self.other_facility.id}),
            (self.case, {"encounter_id": self.encounter.id}),
            (self.case, {"amount_charged": 0.0}),
            (self.case, {"facility_id": self.other_facility.id}),
            (self.case, {"payer_id": False}),
            (self.case, {"stage_entered_at": "2020-01-01"}),
            (self.case, {"blocking_finding_count": 0}),
            (self.case, {"evaluation_id": False}),
            (self.action, {"amount": 0.01}),
            (self.action, {"requester_id": self.users[0].id}),
            (self.action, {"parameters": {}}),
            (self.action, {"expires_at": "2099-01-01"}),
            (self.exchange, {"checksum": "0"}),
            (self.exchange, {"payload_attachment_id": False}),
            (self.job, {"method": "unlink", "res_model": "hc.patient"}),
            (self.job, {"arguments": {"a": 1}}),
            (self.job, {"user_id": 1}),
            (self.job, {"attempts": 0}),
            (self.item, {"dedup_key": "other"}),
            (self.item, {"resolved_by_id": self.users[0].id}),
            (self.encounter.service_line_ids, {"facility_id": self.other_facility.id}),
            (self.encounter.diagnosis_ids, {"company_id": False}),
        )
        for user in self.users:
            for context in FORGED_CONTEXTS:
                for record, vals in attempts:
                    forged = record.with_user(user).with_context(**context)
                    with assert_refused(self, AccessError, msg=f"{record} {vals} {user.login}"):
                        forged.write(vals)

    def test_guarded_fields_are_not_reached_through_the_lines_of_a_parent(self):
        clerk = self.users[0]
        encounter = self.encounter.with_user(clerk)
        for commands in (
            {"charge_ids": [(1, self.charge.id, {"amount": 1.0})]},
            {"case_ids": [(1, self.case.id, {"stage": "ready"})]},
            {"charge_ids": [(2, self.charge.id, 0)]},
            {"case_ids": [(2, self.case.id, 0)]},
            {"case_ids": [(0, 0, {"name": "x"})]},
        ):
            with self.assertRaises(UserError, msg=str(commands)):
                encounter.write(commands)

    @mute_logger("odoo.sql_db")
    def test_the_log_is_not_changed_by_anyone(self):
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.encounter"), ("res_id", "=", self.encounter.id)], limit=1
        )
        for forged in self._each_attack([entry]):
            for log in (forged, forged.sudo()):
                with self.assertRaises(AccessError):
                    log.write({"reason": "rewritten"})
                with self.assertRaises(AccessError):
                    log.unlink()

    def test_records_with_a_history_are_not_deleted(self):
        for forged in self._each_attack(self.lifecycle_records):
            with assert_refused(self, UserError):
                forged.unlink()
            with assert_refused(self, UserError):
                forged.sudo().unlink()

    def test_only_the_requester_withdraws_a_request(self):
        for user in self.users:
            with self.assertRaises(UserError):
                self.action.with_user(user).action_withdraw()

    def test_compliance_reads_and_moves_nothing(self):
        compliance = next(user for user in self.users if user.login == "attacker.compliance")
        case = self.case.with_user(compliance)
        self.assertTrue(case.read(["stage"]))
        for method in ("action_check_readiness", "action_create_invoice", "action_resume"):
            with self.assertRaises(AccessError, msg=method):
                getattr(case, method)()
        with self.assertRaises(AccessError):
            self.encounter.with_user(compliance).action_cancel()

    def test_only_roles_that_work_on_cases_decide_about_them(self):
        reason = self.env["hc.reason.code"].search([("usage", "=", "cancel")], limit=1)
        for user in self.users[:-2]:
            if user.has_group("hc_revenue_base.group_hc_clerk"):
                continue
            with self.assertRaises(AccessError, msg=user.login):
                self.env["hc.case.decision.wizard"].with_user(user).create(
                    {
                        "decision": "cancel",
                        "case_ids": [(6, 0, self.case.ids)],
                        "reason_code_id": reason.id,
                        "note": "An attempt without the right to do so.",
                    }
                ).action_confirm()

    def test_an_invoice_is_not_bound_to_a_case_by_hand(self):
        finance = self._create_user("attacker.accountant", "finance_manager")
        finance.group_ids += self.env.ref("account.group_account_user")
        moves = self.env["account.move"].with_user(finance)
        with self.assertRaises(AccessError):
            moves.create({"move_type": "out_invoice", "hc_case_id": self.case.id})
        move = moves.with_context(default_hc_case_id=self.case.id).create(
            {"move_type": "out_invoice", "partner_id": self.payer.partner_id.id}
        )
        self.assertFalse(move.hc_case_id)
        with self.assertRaises(AccessError):
            move.write({"hc_case_id": self.case.id})

    def test_time_cannot_be_bought_by_an_expiry_in_the_past(self):
        expired = self.env["hc.controlled.action"]
        with self.assertRaisesRegex(UserError, "expired"):
            expired._request(
                "not_billable",
                self._create_case("SEC-3"),
                idempotency_key="sec-3",
                amount=1.0,
                expires_at=self.env.cr.now() - timedelta(minutes=1),
                justification="late",
            )
