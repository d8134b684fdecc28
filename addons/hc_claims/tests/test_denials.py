# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .denial_common import DenialCase
from .remittance_common import clp


@tagged("post_install", "-at_install")
class TestDenials(DenialCase):
    """Denials follow the answers: made, closed, reopened and void with them."""

    def test_a_denied_line_becomes_one_denial_in_a_queue(self):
        denial = self._deny("D-1")
        self.assertEqual(len(denial), 1)
        self.assertEqual((denial.state, denial.amount_denied), ("new", 40.0))
        self.assertEqual((denial.group_code, denial.reason_code), ("CO", "197"))
        self.assertEqual((denial.category, denial.root_cause), ("authorization",) * 2)
        self.assertEqual((denial.preventable, denial.is_appealable), ("yes", True))
        self.assertEqual(denial.procedure_code, "L2002")
        self.assertEqual(denial.practitioner_id, self.practitioner)
        self.assertEqual(denial.claim_id.state, "partially_paid")
        # 90 days by default from the day of the remittance; 40 % of 40.00.
        self.assertEqual(denial.deadline, date(2026, 3, 10) + timedelta(days=90))
        self.assertEqual((denial.overturn_percent, denial.expected_value), (40.0, 16.0))
        self.assertIn("0 of 0 appeals", denial.overturn_note)
        item = self.env["hc.work.item"].search([("dedup_key", "=", denial._get_work_key())])
        self.assertEqual((item.kind, item.queue_id.code), ("denial", "prior_auth"))
        self.assertEqual(item.action_open_source()["res_id"], denial.id)

    def test_contractual_and_patient_amounts_are_no_denials(self):
        claim = self._make_own_claim("D-2")
        self._post([self._answer(claim, [("CO", "45", 20), ("PR", "2", 10)])], 110, trace="T-D2")
        self.assertEqual(claim.state, "paid")
        self.assertFalse(claim.denial_ids)

    def test_a_status_of_4_alone_denies_nothing(self):
        claim = self._make_own_claim("D-3")
        self._post([self._answer(claim, [("CO", "45", 20)], status="4")], 120, trace="T-D3")
        self.assertFalse(claim.denial_ids)

    def test_a_line_denied_in_part_and_a_claim_denied_as_a_whole(self):
        denial = self._deny("D-4", [("CO", "45", 10), ("CO", "97", 20)])
        self.assertEqual((denial.amount_denied, denial.reason_summary), (20.0, "CO-97"))
        claim = self._make_own_claim("D-5")
        self._post(
            [clp(claim.name, 190, 0, adjustments=[("CO", "29", 190)])],
            0,
            trace="T-D5",
            method="NON",
        )
        denial = claim.denial_ids
        self.assertEqual((denial.amount_denied, denial.procedure_code), (190.0, False))
        self.assertEqual((claim.state, denial.category), ("denied", "timely_filing"))

    def test_guardrails_of_remarks_forbid_the_appeal_and_say_why(self):
        for number, remark, message in (
            ("D-6", "MA130", "Unprocessable"),
            ("D-7", "MA44", "no right to appeal"),
            ("D-8", "N211", "no right to appeal"),
        ):
            denial = self._deny(number, [("CO", "197", 40)], [remark])
            self.assertFalse(denial.is_appealable)
            self.assertFalse(denial.appeal_deadline)
            with self._refused(message):
                denial.with_user(self.specialist).action_appeal()
        self.assertEqual(denial.remark_words, "N211: You may not appeal")
        self.assertEqual((denial.remedy, denial.expected_value), ("no", 0.0))

    def test_the_same_file_again_makes_no_second_denial(self):
        claim = self._make_own_claim("D-9")
        self._deny("D-9", claim=claim)
        first = claim.denial_ids
        self._deny("D-9", claim=claim)
        self.assertEqual(claim.denial_ids, first)

    def test_a_reversal_closes_and_a_paying_correction_settles(self):
        denial = self._deny("D-10")
        claim = denial.claim_id
        remittance = self._post(
            [self._reverse_answer(claim, [("CO", "197", 40)]), self._answer(claim, [])],
            40,
            trace="T-D10-2",
        )
        self.assertEqual(remittance.claim_ids.mapped("state"), ["posted", "posted"])
        self.assertEqual((denial.state, denial.resolution), ("closed", "paid"))
        self.assertEqual(denial.amount_recovered, 40.0)
        self.assertEqual(claim.denial_ids, denial)
        self.assertEqual(claim.state, "paid")
        self.assertFalse(denial._get_work_items({denial._get_work_key()}))

    def test_denied_again_takes_the_place_of_the_first_denial(self):
        denial = self._deny("D-11")
        claim = denial.claim_id
        self._post(
            [
                self._reverse_answer(claim, [("CO", "197", 40)]),
                self._answer(claim, [("CO", "50", 40)]),
            ],
            0,
            trace="T-D11-2",
            method="NON",
        )
        again = claim.denial_ids - denial
        self.assertEqual((denial.state, denial.resolution), ("closed", "denied_again"))
        self.assertEqual((again.state, again.previous_id), ("new", denial))
        self.assertEqual(again.category, "medical_necessity")

    def test_undo_voids_and_gives_back_what_was_closed(self):
        denial = self._deny("D-12")
        claim = denial.claim_id
        second = self._post(
            [
                self._reverse_answer(claim, [("CO", "197", 40)]),
                self._answer(claim, [("CO", "50", 40)]),
            ],
            0,
            trace="T-D12-2",
            method="NON",
        )
        again = claim.denial_ids - denial
        self._undo(second)
        self.assertEqual((again.state, again.resolution), ("void", "undone"))
        self.assertEqual((denial.state, denial.resolution), ("in_work", False))
        self._undo(denial.answer_id.remittance_id)
        self.assertEqual(denial.state, "void")
        self.assertEqual(claim.denial_count, 0)
        self.assertFalse(denial._get_work_items({denial._get_work_key()}))

    def _undo(self, remittance):
        self._allow(
            remittance.with_user(self.finance)
            ._request_undo(idempotency_key=f"undo:{remittance.id}", justification="sent in error")
            .sudo()
        )
        self.assertEqual(remittance.state, "undone")

    def test_nobody_writes_what_the_payer_said(self):
        denial = self._deny("D-13").with_user(self.specialist)
        for values in ({"amount_denied": 1.0}, {"is_appealable": True}, {"state": "closed"}):
            with self._refused("cannot be set directly"):
                denial.write(values)
        with self._refused("", AccessError):
            denial.with_user(self.reader).action_take()
        other = self._create_user(
            "denial.other", "claims_specialist", facilities=self.other_facility
        )
        self.assertFalse(self.env["hc.denial"].with_user(other).search([("id", "=", denial.id)]))
        denial.action_take()
        self.assertEqual((denial.state, denial.responsible_user_id), ("in_work", self.specialist))

    def test_closing_needs_a_reason(self):
        denial = self._deny("D-14").with_user(self.specialist)
        with self._refused("Say in a sentence"):
            denial._close_unpursued("no")
        wizard = self.env["hc.denial.close.wizard"].with_user(self.specialist)
        wizard.create(
            {"denial_ids": denial.ids, "reason": "Billed twice; the other line was paid."}
        ).action_confirm()
        self.assertEqual((denial.state, denial.resolution), ("closed", "not_pursued"))
        with self._refused("nothing is to do"):
            denial.action_open_close()

    def test_the_list_begins_with_what_loses_most_by_waiting(self):
        today = self.env["hc.denial"]._get_today()
        small, large, late = (self._deny(f"D-2{number}") for number in range(3))
        small._write_guarded({"deadline": today + timedelta(days=2), "expected_value": 20.0})
        large._write_guarded({"deadline": today + timedelta(days=90), "expected_value": 90.0})
        late._write_guarded({"deadline": today - timedelta(days=1), "expected_value": 900.0})
        self.env.flush_all()
        denials = small | large | late
        found = self.env["hc.denial"].search([("id", "in", denials.ids)])
        self.assertEqual(found.ids, [small.id, large.id, late.id])
        self.assertEqual(denials.mapped("urgency"), [10.0, 1.0, 0.0])
        self.assertTrue(late.is_overdue)

    def test_levels_and_deadlines_follow_the_payer(self):
        deadlines = self.env["hc.payer.deadline"]
        claim = self._make_own_claim("D-15")
        self.payer.payer_type = "medicare"
        levels = deadlines._get_levels(self.payer)[self.payer.id]
        self.assertEqual([levels[n].days for n in range(1, 6)], [120, 180, 60, 60, 60])
        denial = self._deny("D-15", claim=claim)
        self.assertEqual(denial.deadline, date(2026, 3, 10) + timedelta(days=120))
        own = deadlines.create(
            {"payer_id": self.payer.id, "level": 1, "name": "Dispute", "days": 30}
        )
        self.assertEqual(deadlines._get_levels(self.payer)[self.payer.id], {1: own})
        with self._refused("", AccessError):
            own.with_user(self.specialist).days = 1000

    def test_corrections_with_a_deadline_come_first(self):
        self.payer.corrected_claim_days = 30
        denial = self._deny("D-16", [("CO", "16", 40)])
        self.assertEqual(denial.remedy, "corrected_claim")
        self.assertEqual(denial.deadline, date(2026, 3, 10) + timedelta(days=30))

    def test_a_write_off_is_requested_with_the_denial_as_evidence(self):
        denial = self._deny("D-17")
        wizard = self.env["hc.denial.write.off.wizard"].with_user(self.manager)
        wizard = wizard.create(
            {
                "denial_ids": denial.ids,
                "reason_code_id": self._reason("write_off").id,
                "justification": "The authorization was never asked for.",
            }
        )
        self.assertEqual(wizard.amount, 40.0)
        wizard.action_request()
        action = self._allow(denial.write_off_action_id)
        self.assertEqual(
            (action.kind, action.amount, action.state), ("denial_write_off", 40, "applied")
        )
        self.assertIn("hc.denial", action.evidence_ids.mapped("res_model"))
        self.assertEqual((denial.state, denial.resolution), ("written_off", "written_off"))
        self.assertEqual(self._get_party_open(denial.case_id, "payer_1"), 0.0)
        with self._refused("not written off"):
            wizard.copy({"action_ids": False}).action_request()
        self._allow(self._reverse(action))
        self.assertEqual((denial.state, denial.resolution), ("in_work", False))
        self.assertEqual(self._get_party_open(denial.case_id, "payer_1"), 40.0)

    def test_a_denial_is_written_off_only_when_its_request_is_applied(self):
        denial = self._deny("D-18")
        actions = denial.with_user(self.specialist)._request_write_off(
            reason_code=self._reason("write_off"),
            justification="The authorization was never asked for.",
            attachments=self.env["ir.attachment"],
            idempotency_key="key",
        )
        # Base alone refuses a specialist; a module with approvals asks its policies.
        self.assertEqual(denial.state == "written_off", actions.state == "applied")

    def _request_write_off(self, denial, key):
        """A request that waits for people, whoever would decide it."""
        actions = self.env.registry["hc.controlled.action"]
        with patch.object(actions, "_settle_by_gate", lambda waiting: None):
            return denial.with_user(self.manager)._request_write_off(
                reason_code=self._reason("write_off"),
                justification="The authorization was never asked for.",
                attachments=self.env["ir.attachment"],
                idempotency_key=key,
            )

    def test_while_a_write_off_waits_nobody_is_asked_for_the_amount(self):
        denial = self._deny("D-35", [("PR", "27", 40)]).with_user(self.specialist)
        action = self._request_write_off(denial, "waits")
        self.assertEqual(action.state, "pending")
        for act in (
            denial.action_appeal,
            denial.action_transfer,
            denial.action_open_correction,
            lambda: denial.claim_id._correct("replacement", "looked at it"),
            lambda: denial._close_unpursued("Nothing comes of it any more."),
        ):
            with self._refused("write-off of .* is requested: withdraw"):
                act()
        action.sudo()._settle(GateDecision("allow"))
        self.assertEqual(denial.state, "written_off")

    def test_what_is_out_at_the_payer_is_not_written_off(self):
        corrected = self._deny("D-36", [("CO", "16", 40)])
        corrected.claim_id.with_user(self.specialist)._correct("replacement", "Modifier added.")
        with self._refused("a corrected claim is out"):
            self._request_write_off(corrected, "corrected")
        denial = self._deny("D-37")
        action = self._request_write_off(denial, "late")
        denial._transition("appealed")
        with self._refused(""):
            action.sudo()._settle(GateDecision("allow"))
        self.assertEqual((action.state, denial.state), ("pending", "appealed"))

    def test_correction_follows_what_the_payer_wants(self):
        denial = self._deny("D-19", [("CO", "16", 40)], ["N142"])
        claim = denial.claim_id.with_user(self.specialist)
        self.assertEqual(denial.resubmission, "new_claim")
        action = denial.with_user(self.specialist).action_open_correction()
        self.assertEqual(action["context"]["default_correction"], "resubmission")
        with self._refused("wants a new claim"):
            claim._correct("replacement", "looked at it")
        new = claim._correct("resubmission", "The missing number was added.")
        self.assertEqual((new.frequency, new.line_ids.code, new.amount_charged), ("1", "L2002", 40))
        self.assertEqual((denial.state, denial.correction_claim_id), ("corrected", new))
        self.assertEqual(claim.state, "partially_paid")
        new.action_void()
        self.assertEqual(denial.state, "in_work")

    def test_an_appeal_does_not_make_a_replacement_of_what_wants_a_new_claim(self):
        denial = self._deny("D-35", [("CO", "197", 40)], ["N142"])
        self._appeal(denial)
        self.assertEqual(denial.state, "appealed")
        with self._refused("wants a new claim"):
            denial.claim_id.with_user(self.specialist)._correct("replacement", "looked at it")

    def test_a_replacement_corrects_the_denials(self):
        denial = self._deny("D-30", [("CO", "16", 40)])
        new = denial.claim_id.with_user(self.specialist)._correct("replacement", "Modifier added.")
        self.assertEqual((new.frequency, denial.state), ("7", "corrected"))

    def test_the_analysis_counts_no_void(self):
        denial = self._deny("D-31")
        self.assertEqual((denial.claim_id.denial_count, denial.case_id.denial_count), (1, 1))
        self.assertEqual(denial.answer_id.denial_count, 1)

    def test_a_task_is_routed_for_selected_denials(self):
        denial = self._deny("D-32").with_user(self.specialist)
        denial.sudo()._get_work_items({denial._get_work_key()})._resolve("not_applicable")
        action = denial.action_route()
        items = self.env["hc.work.item"].search(action["domain"])
        self.assertEqual((len(items), items.state), (1, "open"))
        with self.assertRaises(UserError):
            denial.browse().action_route()

    def test_only_what_the_payer_says_is_the_patients_goes_to_the_patient(self):
        denial = self._deny("D-33").with_user(self.specialist)
        with self._refused("group PR"):
            denial.action_transfer()
        denial = self._deny("D-34", [("PR", "27", 40)]).with_user(self.specialist)
        case, answer = denial.case_id, denial.answer_id
        self.assertEqual(self._get_party_open(case, "payer_1"), 40.0)
        denial.action_transfer()
        self.assertEqual((denial.state, denial.resolution), ("closed", "transferred"))
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "patient"), 40.0)
        self.assertEqual((answer.amount_moved, answer.amount_denied), (40.0, 0.0))
        self._post(
            [self._reverse_answer(denial.claim_id, [("PR", "27", 40)])],
            0,
            trace="T-D34-2",
            plb=[("WO", "D-34", -100)],
            method="NON",
        )
        self.assertEqual(self._get_party_open(case, "patient"), 0.0)
        self.assertEqual(self._get_party_open(case, "payer_1"), 190.0)

    def test_answers_posted_before_denials_were_derived_get_theirs(self):
        answers = self.env.registry["hc.remittance.claim"]
        with patch.object(answers, "_create_denials", lambda self: self.env["hc.denial"]):
            self._deny("D-50")
            claim, paid = self._make_own_claim("D-51"), self._make_own_claim("D-52")
            for number, again in ((claim, [("CO", "50", 40)]), (paid, [])):
                self._deny(number.name, claim=number)
                self._post(
                    [
                        self._reverse_answer(number, [("CO", "197", 40)]),
                        self._answer(number, again),
                    ],
                    40 - sum(amount for _group, _reason, amount in again),
                    trace=f"T-{number.name}-2",
                    method="ACH" if not again else "NON",
                )
            self._deny("D-53")
        mine = self.env["hc.remittance.claim"].search(
            [("company_id", "=", self.company.id), ("amount_denied", ">", 0)]
        )
        self.assertFalse(mine.denial_ids)
        first = mine.sorted("id")[:1]
        self.assertTrue(first)
        first._derive_missing_denials()
        self.assertEqual(first.denial_ids.state, "new", "as posting derives it")
        with self.enter_registry_test_mode():
            self.env.ref("hc_claims.ir_cron_derive_denials").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(first.denial_ids), 1, "what has denials is left")
        [denial] = claim.denial_ids
        self.assertEqual((denial.state, denial.reason_code), ("new", "50"))
        self.assertFalse(paid.denial_ids, "what was taken back is no denial")
        count = len(mine.denial_ids)
        mine._derive_missing_denials()
        self.assertEqual(len(mine.denial_ids), count)
