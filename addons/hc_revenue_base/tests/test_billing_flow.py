# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SERVICE_DATE, HcCommon


class BillingFlowCase(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("flow.clerk", "clerk")
        cls.coder = cls._create_user("flow.coder", "coder")
        cls.reasons = {
            usage: cls.env["hc.reason.code"].search([("usage", "=", usage)], limit=1)
            or cls.env["hc.reason.code"].create({"usage": usage, "code": "T", "name": "Test"})
            for usage in ("cancel", "not_billable", "reopen", "void_rebill")
        }

    @classmethod
    def _bill(cls, number="E-1", **vals):
        """Complete and code an encounter the way its people do; return its case."""
        encounter = cls._create_encounter(number, **vals)
        encounter.with_user(cls.clerk).action_complete()
        encounter.with_user(cls.coder).action_approve_coding()
        cls.env.cr.precommit.run()
        return encounter.case_ids

    def _decide(self, case, decision, note="Asked by the patient on the phone."):
        wizard = (
            self.env["hc.case.decision.wizard"]
            .with_user(self.clerk)
            .create(
                {
                    "decision": decision,
                    "case_ids": case.ids,
                    "reason_code_id": self.reasons[decision].id,
                    "note": note,
                }
            )
        )
        wizard.action_confirm()

    def _pay(self, case):
        invoice = case.invoice_ids.filtered(lambda move: move.state == "posted")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": fields.Date.today()})._create_payments()


@tagged("post_install", "-at_install")
class TestStraightThrough(BillingFlowCase):
    def test_a_clean_encounter_becomes_a_posted_invoice_untouched(self):
        case = self._bill(services=(("V1001", 1), ("L2002", 2)))
        self.assertEqual(case.stage, "invoiced")
        invoice = case.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.partner_id, self.payer.partner_id)
        self.assertEqual(invoice.amount_total, 230.0)
        self.assertEqual(case.amount_charged, 230.0)
        self.assertEqual(set(case.charge_ids.mapped("state")), {"billed"})

    def test_the_receivable_names_case_and_responsibility(self):
        case = self._bill()
        items = self.env["account.move.line"].search(
            [("hc_case_id", "=", case.id), ("account_type", "=", "asset_receivable")]
        )
        self.assertEqual(items.mapped("hc_responsibility"), ["payer_1"])
        case.invalidate_recordset(["balance_ids"])
        balance = case.balance_ids
        self.assertEqual((balance.responsibility, balance.amount_open), ("payer_1", 150.0))

    def test_self_pay_is_invoiced_to_the_patient_without_a_name(self):
        case = self._bill(coverage=self.env["hc.coverage"])
        self.assertEqual(case.payer_type, "self_pay")
        case_invoice = case.invoice_ids
        self.assertEqual(case_invoice.hc_responsibility, "patient")
        self.assertEqual(case_invoice.partner_id, self.patient.partner_id)
        self.assertNotIn("Doe", case_invoice.partner_id.name)

    def test_review_first_leaves_a_draft_that_posting_completes(self):
        self.facility.billing_policy = "review_first"
        case = self._bill()
        self.assertEqual(case.stage, "ready")
        self.assertEqual(case.invoice_ids.state, "draft")
        case.invoice_ids.action_post()
        self.assertEqual(case.stage, "invoiced")

    def test_a_draft_that_says_something_else_cannot_be_posted(self):
        self.facility.billing_policy = "review_first"
        case = self._bill()
        case.invoice_ids.invoice_line_ids.price_unit = 1.0
        with self.assertRaisesRegex(UserError, "differs from its charges"):
            case.invoice_ids.action_post()

    def test_billing_twice_changes_nothing(self):
        case = self._bill()
        before = (case.transition_count, len(case.charge_ids), len(case.invoice_ids))
        case.encounter_id.with_user(self.clerk).action_prepare_billing()
        self.assertEqual(
            before, (case.transition_count, len(case.charge_ids), len(case.invoice_ids))
        )
        self.assertEqual(len(case.encounter_id.case_ids), 1)

    def test_a_missing_fact_holds_the_case_and_opens_one_item_in_the_right_queue(self):
        self.coverage.eligibility_status = "unknown"
        case = self._bill()
        self.assertEqual(case.stage, "exception")
        self.assertFalse(case.invoice_ids)
        items = case.work_item_ids
        self.assertEqual(items.queue_id.mapped("code"), ["patient_access"])
        self.coverage.eligibility_status = "active"
        case.with_user(self.clerk).action_check_readiness()
        self.assertEqual(case.stage, "invoiced")
        self.assertEqual(set(items.mapped("state")), {"resolved"})

    def test_nobody_reaches_ready_but_the_engine(self):
        self.coverage.eligibility_status = "unknown"
        case = self._bill()
        case._transition("readiness_check")
        with self.assertRaises(UserError):
            case._transition("ready")

    def test_the_catch_up_action_bills_what_the_rule_did_not(self):
        encounter = self._create_encounter()
        encounter.with_user(self.clerk).action_complete()
        encounter.with_user(self.coder).action_approve_coding()
        # As if the process died before the end of the transaction's work.
        self.env.cr.precommit.clear()
        self.assertFalse(encounter.case_ids)
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_prepare_billing").method_direct_trigger()
        self.assertEqual(encounter.case_ids.stage, "invoiced")

    def test_a_case_that_cannot_be_posted_stays_ready_and_says_why(self):
        self.payer.partner_id.with_company(self.company).property_account_receivable_id = False
        self.company.fiscalyear_lock_date = fields.Date.today()
        case = self._bill()
        self.assertIn(case.stage, ("ready", "invoiced"))
        if case.stage == "ready":
            self.assertEqual(case.work_item_ids.kind, "billing_failed")


@tagged("post_install", "-at_install")
class TestCharges(BillingFlowCase):
    def test_the_price_is_the_one_in_force_on_the_service_date(self):
        self.fee_schedule.date_to = "2026-02-28"
        self.fee_schedule.copy(
            {
                "date_from": "2026-03-01",
                "date_to": False,
                "line_ids": [
                    (0, 0, {"code_id": self.visit_code.id, "unit_price": 175.0}),
                ],
            }
        )
        self.assertEqual(self._bill().charge_ids.unit_price, 175.0)

    def test_the_facilitys_own_schedule_and_the_modifier_win(self):
        self.fee_schedule.copy(
            {
                "facility_id": self.facility.id,
                "line_ids": [
                    (0, 0, {"code_id": self.visit_code.id, "unit_price": 160.0}),
                    (
                        0,
                        0,
                        {
                            "code_id": self.visit_code.id,
                            "modifier_id": self.modifier.id,
                            "unit_price": 190.0,
                        },
                    ),
                ],
            }
        )
        encounter = self._create_encounter("E-2")
        encounter.service_line_ids.modifier_ids = self.modifier
        encounter.action_complete()
        charge = encounter.service_line_ids._convert_to_charges()
        self.assertEqual(charge.unit_price, 190.0)
        self.assertEqual(charge.fee_schedule_line_id.modifier_id, self.modifier)

    def test_a_corrected_service_gets_a_new_charge_that_names_the_old(self):
        encounter = self._create_encounter("E-3")
        encounter.action_complete()
        first = encounter.service_line_ids._convert_to_charges()
        self.assertFalse(encounter.service_line_ids._convert_to_charges())
        encounter.service_line_ids.units = 3
        second = encounter.service_line_ids._convert_to_charges()
        self.assertEqual((first.state, second.origin_id), ("void", first))
        self.assertEqual(second.amount, 450.0)

    def test_charges_are_never_edited(self):
        case = self._bill()
        for values in ({"amount": 1}, {"units": 9}, {"case_id": False}, {"state": "void"}):
            with self.subTest(values), self.assertRaises(AccessError):
                case.charge_ids.write(values)

    def test_services_are_charged_after_the_visit_only(self):
        encounter = self._create_encounter("E-4")
        with self.assertRaisesRegex(UserError, "not completed"):
            encounter.service_line_ids._convert_to_charges()


@tagged("post_install", "-at_install")
class TestDecisions(BillingFlowCase):
    def test_cancel_voids_the_charges_and_closes_the_work(self):
        self.coverage.eligibility_status = "unknown"
        case = self._bill()
        self._decide(case, "cancel")
        self.assertEqual(case.stage, "cancelled")
        self.assertEqual(set(case.charge_ids.mapped("state")), {"void"})
        self.assertFalse(case.work_item_ids.filtered(lambda i: i.state in ("open", "in_progress")))

    def test_a_billed_case_is_not_cancelled(self):
        case = self._bill()
        with self.assertRaisesRegex(UserError, "billed already"):
            self._decide(case, "cancel")

    def test_a_decision_needs_an_explanation(self):
        case = self._bill()
        with self.assertRaisesRegex(UserError, "Explain"):
            self._decide(case, "void_rebill", note="oops")

    def test_void_and_rebill_credits_the_invoice_and_starts_anew(self):
        case = self._bill()
        case.encounter_id.service_line_ids.units = 2
        self._decide(case, "void_rebill")
        self.assertEqual(case.stage, "cancelled")
        case.invalidate_recordset(["balance_ids"])
        self.assertEqual(sum(case.balance_ids.mapped("amount_open")), 0.0)
        rebill = case.rebill_case_ids
        self.assertEqual((rebill.stage, rebill.amount_charged), ("invoiced", 300.0))
        self.assertEqual(rebill.charge_ids.origin_id, case.charge_ids)
        action = self.env["hc.controlled.action"].search([("case_id", "=", case.id)])
        self.assertEqual(
            (action.kind, action.state, action.amount), ("credit_note", "applied", 150.0)
        )
        self.assertEqual(action.requester_id, self.clerk)

    def test_a_paid_invoice_is_not_voided(self):
        case = self._bill()
        self._pay(case)
        self.assertEqual(case.stage, "closed")
        self._decide(case, "reopen")
        with self.assertRaisesRegex(UserError, "is paid"):
            self._decide(case, "void_rebill")

    def test_payment_closes_and_reopening_is_logged(self):
        case = self._bill()
        self._pay(case)
        self.assertEqual(case.stage, "closed")
        self._decide(case, "reopen")
        self.assertEqual(case.stage, "reopened")
        last = self.env["hc.transition"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)], limit=1
        )
        self.assertEqual(last.facts["reason_code"], self.reasons["reopen"].code)

    def test_a_reopened_case_waits_for_its_people(self):
        case = self._bill()
        self._pay(case)
        self._decide(case, "reopen")
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_close_settled").method_direct_trigger()
        self.assertEqual(case.stage, "reopened")
        case.with_user(self.clerk).action_resume()
        self.assertEqual(case.stage, "closed")

    def test_a_late_charge_is_billed_beside_the_first_invoice(self):
        case = self._bill()
        self._pay(case)
        self._decide(case, "reopen")
        self.env["hc.service.line"].create(
            {
                "encounter_id": case.encounter_id.id,
                "service_date": SERVICE_DATE,
                "code_id": self.lab_code.id,
                "place_of_service_id": self.office.id,
                "performer_id": self.practitioner.id,
                "diagnosis_ids": case.encounter_id.diagnosis_ids.ids,
            }
        )
        case.encounter_id.service_line_ids._convert_to_charges()
        case.with_user(self.clerk).action_resume()
        case.with_user(self.clerk).action_check_readiness()
        self.assertEqual(case.stage, "invoiced")
        self.assertEqual(sorted(case.invoice_ids.mapped("amount_total")), [40.0, 150.0])

    def test_not_billable_is_a_controlled_action_and_can_be_taken_back(self):
        self.coverage.eligibility_status = "unknown"
        case = self._bill()
        self._decide(case, "not_billable")
        self.assertEqual(case.stage, "not_billable")
        case.with_user(self.clerk).action_resume()
        self.assertEqual(case.stage, "draft")

    def test_what_was_billed_stays_when_the_coverage_changes(self):
        other = self.env["hc.payer"].create({"name": "Other Plan", "code": "OTHER"})
        case = self._bill()
        case.encounter_id.with_user(self.clerk).primary_coverage_id = self._create_coverage(
            self.patient, payer_id=other.id
        )
        self.assertEqual(case.encounter_id.payer_id, other)
        self.assertEqual(case.payer_id, self.payer)
        self._decide(case, "void_rebill")
        self.assertEqual(case.payer_id, self.payer)
        self.assertEqual(case.rebill_case_ids.payer_id, other)

    def test_a_billed_encounter_keeps_its_patient_and_facility(self):
        case = self._bill()
        for values in (
            {"facility_id": self.other_facility.id},
            {"patient_id": self._create_patient("1000002").id},
        ):
            with self.subTest(values), self.assertRaisesRegex(UserError, "is billed"):
                case.encounter_id.write(values)

    def test_posted_case_invoices_are_never_reset(self):
        case = self._bill()
        with self.assertRaisesRegex(UserError, "Void and Rebill"):
            case.invoice_ids.button_draft()


@tagged("post_install", "-at_install")
class TestLedgerInvariants(BillingFlowCase):
    def _open_by_ledger(self, case):
        items = self.env["account.move.line"].search(
            [
                ("hc_case_id", "=", case.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(items.mapped("amount_residual"))

    def test_charges_less_payments_is_the_open_receivable(self):
        cases = self.env["hc.billing.case"]
        for index in range(1, 6):
            services = tuple(("V1001", index) for _ in range(index))
            cases |= self._bill(f"P-{index}", services=(services[0], ("L2002", index)))
        self._pay(cases[0])
        cases.invalidate_recordset(["balance_ids"])
        for case in cases:
            billed = sum(
                case.charge_ids.filtered(lambda charge: charge.state == "billed").mapped("amount")
            )
            paid = billed if case == cases[0] else 0.0
            self.assertAlmostEqual(billed - paid, self._open_by_ledger(case), 2)
            self.assertAlmostEqual(sum(case.balance_ids.mapped("amount_open")), billed - paid, 2)
            for move in case.invoice_ids:
                self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0.0, 2)

    def test_links_to_the_ledger_cannot_be_forged(self):
        case = self._bill()
        other = self.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": self.payer.partner_id.id}
        )
        for record, values in (
            (other, {"hc_case_id": case.id}),
            (case.invoice_ids, {"hc_case_id": False}),
            (case.invoice_ids.line_ids[0], {"hc_responsibility": "patient"}),
            (case.invoice_ids.line_ids[0], {"hc_charge_id": False}),
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                record.with_context(hc_permit=True).write(values)
