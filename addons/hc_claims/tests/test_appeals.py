# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import hashlib
import io
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .denial_common import PDF, DenialCase
from .remittance_common import clp


@tagged("post_install", "-at_install")
class TestAppeals(DenialCase):
    """An appeal from its draft to the payer's decision, and further."""

    def _text(self, content):
        return "".join(page.extract_text() for page in PdfFileReader(io.BytesIO(content)).pages)

    def test_a_draft_has_letter_checklist_and_deadline(self):
        denial = self._deny("A-1")
        appeal = self._appeal(denial)
        self.assertEqual((appeal.state, appeal.amount, appeal.level), ("draft", 40.0, 1))
        self.assertEqual((denial.state, appeal.deadline), ("appealed", denial.appeal_deadline))
        self.assertIn(denial.claim_id.name, appeal.letter_body)
        self.assertIn("authorized", appeal.letter_body)
        required = appeal.evidence_ids.filtered("is_required")
        self.assertEqual(required.type_id.category, "authorization")
        self.assertFalse(denial._get_work_items({denial._get_work_key()}))
        with self._refused("cannot be appealed"):
            denial.with_user(self.specialist).action_appeal()

    def test_without_required_evidence_nothing_is_approved(self):
        denial = self._deny("A-2").with_user(self.specialist)
        appeal = self.env["hc.appeal"].browse(denial.action_appeal()["res_id"])
        appeal = appeal.with_user(self.specialist)
        self.assertEqual(appeal.missing_count, 1)
        with self._refused("missing: Authorization"):
            appeal.action_approve()
        with self._refused("", AccessError):
            appeal.with_user(self.reader).action_approve()
        clerk = self._create_user("appeal.clerk", "clerk")
        with self._refused("approve letters", AccessError):
            appeal.with_user(clerk).action_approve()

    def test_what_is_required_binds_those_who_prepare_the_packet(self):
        denial = self._deny("A-19").with_user(self.specialist)
        appeal = self.env["hc.appeal"].browse(denial.action_appeal()["res_id"])
        appeal = appeal.with_user(self.specialist)
        required = appeal.evidence_ids.filtered("is_required")
        for values in ({"is_required": False}, {"type_id": False}, {"appeal_id": False}):
            with self.subTest(values), self._refused("cannot be set directly"):
                required.write(values)
        for command in ((2, required.id), (1, required.id, {"is_required": False})):
            with self.subTest(command), self._refused("stays on the list|cannot be set"):
                appeal.write({"evidence_ids": [command]})
        appeal.evidence_ids = [(0, 0, {"name": "A note of our own"})]
        appeal.evidence_ids.filtered(lambda row: row.name == "A note of our own").unlink()
        self.assertEqual((appeal.missing_count, appeal.evidence_ids & required), (1, required))

    def test_no_other_patients_document_goes_into_a_packet(self):
        appeal = self._appeal(self._deny("A-20"))
        row = appeal.evidence_ids.filtered("is_required")
        values = {"name": "Note", "document_type": "clinical_note"}
        mine = self.env["hc.document"].create({**values, "patient_id": appeal.patient_id.id})
        stranger = self._create_patient("A20", last_name="Roe")
        other = self.env["hc.document"].create({**values, "patient_id": stranger.id})
        with self._refused("document of another patient"):
            row.sudo().document_id = other
        row.sudo().document_id = mine
        mine.patient_id = stranger
        with self._refused("document of another patient"):
            appeal.action_approve()
        self.assertIn("file", row._get_phi_fields())

    def test_an_approved_letter_stays_as_it_is_and_its_packet_is_the_same_each_time(self):
        appeal = self._appeal(self._deny("A-3"))
        appeal.letter_body = "<p>Our own words about the blood panel.</p>"
        appeal.action_approve()
        content = base64.b64decode(appeal.packet)
        self.assertEqual(appeal.packet_sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(appeal._build_packet()[0], content)
        text = self._text(content)
        for part in ("Our own words", appeal.claim_id.name, "Remittance advice", "CO-197"):
            self.assertIn(part, text)
        self.assertEqual(len(PdfFileReader(io.BytesIO(content)).pages), appeal.packet_page_count)
        for values in (
            {"letter_body": "<p>Other words</p>"},
            {"evidence_ids": [(0, 0, {"name": "more"})]},
        ):
            with self._refused("stay as they are"):
                appeal.write(values)
        with self._refused("stay as they are"):
            appeal.evidence_ids[0].name = "other"
        with self._refused("cannot be set directly"):
            appeal.write({"packet": PDF})
        file = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "hc.appeal"),
                ("res_field", "=", "packet"),
                ("res_id", "=", appeal.id),
            ]
        )
        with self._refused("stay as they are"):
            file.with_user(self.specialist).write({"raw": b"other"})
        file.write({"raw": b"changed behind its back"})
        appeal.invalidate_recordset()
        with self._refused("not what was approved"):
            self._submit_only(appeal)
        appeal.action_take_back()
        self.assertEqual((appeal.state, appeal.packet_sha256), ("draft", False))
        appeal.letter_body = "<p>Other words</p>"
        appeal.action_approve()
        self.assertNotEqual(appeal._build_packet()[0], content)

    def _submit_only(self, appeal, **values):
        appeal._submit(
            **{
                "channel": "fax",
                "submitted_on": appeal.letter_date,
                "reference": "FAX-1",
                "late_reason": "The notice went to a former address.",
                **values,
            }
        )

    def test_what_is_no_document_is_refused_with_its_name(self):
        appeal = self._appeal(self._deny("A-4"))
        evidence = appeal.evidence_ids.filtered("is_required")
        evidence.write({"file": base64.b64encode(b"MZ not a document"), "file_name": "run.exe"})
        with self._refused("run.exe.*neither PDF"):
            appeal.action_approve()
        evidence.write({"file": base64.b64encode(b"%PDF-1.4 broken"), "file_name": "broken.pdf"})
        with mute_logger("pypdf._reader"), self._refused("broken.pdf.*cannot be read"):
            appeal.action_approve()
        png = (
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
            "rkJggg=="
        )
        evidence.write({"file": png.encode(), "file_name": "card.png"})
        appeal.action_approve()
        self.assertTrue(appeal._is_packet_intact())

    def test_sent_late_needs_good_cause_and_a_reference(self):
        appeal = self._appeal(self._deny("A-5"))
        appeal.action_approve()
        appeal.sudo()._write_guarded({"deadline": appeal.letter_date - timedelta(days=1)})
        with self._refused("confirmation"):
            self._submit_only(appeal, reference=" ")
        with self._refused("good cause"):
            self._submit_only(appeal, late_reason=" ")
        with self._refused("cannot be"):
            self._submit_only(appeal, submitted_on=appeal.letter_date + timedelta(days=2))
        self._submit_only(appeal)
        self.assertEqual((appeal.state, appeal.submission_reference), ("submitted", "FAX-1"))

    def test_overturned_waits_for_the_payment_that_closes_it(self):
        denial = self._deny("A-6")
        appeal = self._appeal(denial)
        self._send(appeal)
        with self._refused("Attach the decision"):
            appeal._decide(
                "overturned",
                decided_on=appeal.submitted_on,
                note="",
                document=False,
                document_name="",
                amount=40.0,
            )
        with self._refused("overturned means all"):
            self._decide(appeal, "overturned", 20.0)
        self._decide(appeal, "overturned")
        self.assertEqual((appeal.state, denial.state), ("overturned", "overturned"))
        self.assertEqual(denial.appeal_result, "won")
        claim = denial.claim_id
        self._post(
            [self._reverse_answer(claim, [("CO", "197", 40)]), self._answer(claim, [])],
            40,
            trace="T-A6-2",
        )
        self.assertEqual((denial.state, denial.resolution), ("closed", "paid"))
        self.assertEqual(denial.amount_recovered, 40.0)
        row = self.env["hc.appeal.analysis"].search([("denial_id", "=", denial.id)])
        self.assertEqual((row.won_percent, row.level, row.amount_recovered), (100.0, 1, 40.0))

    def test_upheld_goes_to_the_next_level_until_there_is_none(self):
        denial = self._deny("A-7")
        first = self._appeal(denial)
        self._send(first)
        self._decide(first, "upheld")
        self.assertEqual((denial.state, denial.level, denial.appeal_result), ("upheld", 2, "lost"))
        self.assertEqual(denial.deadline, first.decided_on + timedelta(days=60))
        self.assertTrue(first.can_go_further)
        self.assertTrue(denial._get_work_items({denial._get_work_key()}))
        second = self.env["hc.appeal"].browse(first.action_next_level()["res_id"])
        second = second.with_user(self.specialist)
        self.assertEqual((second.level, second.previous_appeal_id), (2, first))
        self.assertEqual(second.level_name, "Second Appeal")
        second.evidence_ids.filtered("is_required").write({"file": PDF, "file_name": "a.pdf"})
        self._send(second)
        self._decide(second, "upheld")
        with self._refused("exhausted"):
            second.action_next_level()

    def test_a_part_won_names_the_denials_and_a_late_level_needs_its_amount(self):
        claim = self._make_own_claim("A-8")
        self._deny("A-8", [("CO", "197", 40)], claim=claim)
        denial = claim.denial_ids
        self.env["hc.payer.deadline"].create(
            {
                "payer_id": self.payer.id,
                "level": 1,
                "name": "Dispute",
                "days": 30,
                "minimum_amount": 190,
            }
        )
        with self._refused("Dispute takes amounts from"):
            denial.with_user(self.specialist).action_appeal()

    def test_what_goes_into_one_appeal_counts_together(self):
        """The amount in controversy is that of the request, 42 CFR 405.1006."""
        self.env["hc.payer.deadline"].create(
            {"payer_id": self.payer.id, "level": 1, "name": "Hearing", "days": 60}
            | {"minimum_amount": 180}
        )
        claim = self._make_own_claim("A-34")
        self._post(
            [
                clp(
                    claim.name,
                    190,
                    0,
                    payer_number="PA-34",
                    lines=[
                        ("V1001", 150, 0, [("CO", "197", 150)]),
                        ("L2002", 40, 0, [("CO", "197", 40)]),
                    ],
                )
            ],
            0,
            trace="T-A34",
            method="NON",
        )
        denials = claim.denial_ids
        self.assertEqual(sorted(denials.mapped("amount_denied")), [40.0, 150.0])
        with self._refused("Hearing takes amounts from"):
            denials[0].with_user(self.specialist).action_appeal()
        self.assertEqual(self._appeal(denials).amount, 190.0)

    def test_won_but_not_paid_is_to_do_again(self):
        denial = self._deny("A-35")
        with self._refused("no payment of an appeal"):
            denial.with_user(self.specialist).action_not_paid()
        appeal = self._appeal(denial)
        self._send(appeal)
        self._decide(appeal, "overturned")
        day = appeal.decided_on
        late = self.env["hc.denial"]._get_unpaid_domain
        self.assertFalse(denial.filtered_domain(late(day)))
        self.assertEqual(denial.filtered_domain(late(day + timedelta(days=1))), denial)
        denial._open_unpaid_items()
        item = self.env["hc.work.item"].search(
            [("kind", "=", "denial_unpaid"), ("res_id", "=", denial.id)]
        )
        self.assertEqual(item.state, "open")
        with self._refused("", AccessError):
            denial.with_user(self.reader).action_not_paid()
        denial.with_user(self.specialist).action_not_paid()
        self.assertEqual((denial.state, item.state), ("in_work", "resolved"))
        self.assertTrue(denial._get_work_items({denial._get_work_key()}))

    def test_of_a_part_won_on_the_only_line_the_rest_goes_further(self):
        denial = self._deny("A-36")
        first = self._appeal(denial)
        self._send(first)
        self._decide(first, "partly_overturned", 15.0)
        self.assertEqual((denial.state, denial.level), ("overturned", 2))
        self.assertEqual(denial.deadline, first.decided_on + timedelta(days=60))
        self.assertTrue(first.can_go_further)
        denial._open_near_items()
        item = self.env["hc.work.item"].search(
            [("kind", "=", "denial_deadline"), ("res_id", "=", denial.id)]
        )
        self.assertEqual(item.state, "open")
        action = first.action_next_level()
        second = self.env["hc.appeal"].browse(action["res_id"])
        self.assertEqual((second.level, second.amount), (2, 25.0))
        self.assertEqual((denial.state, item.state), ("appealed", "resolved"))
        self.assertFalse(first.can_go_further)

    def test_the_sweeps_know_the_day_of_each_facility_or_the_day_they_are_given(self):
        moment = datetime(2026, 3, 10, 5)
        self.facility.timezone = "Pacific/Honolulu"
        self.assertEqual(self.facility._get_local_day(moment), date(2026, 3, 9))
        denial = self._deny("A-37")
        denial._write_guarded({"deadline": date(2026, 3, 9)})
        swept = self.startPatcher(patch.object(type(denial), "_run_in_batches")).call_args_list
        self.env["hc.denial"]._cron_sweep_deadlines(date(2026, 3, 9))
        found = {call.args[1] for call in swept if denial.filtered_domain(call.args[0])}
        self.assertEqual(found, {"_refresh_chances", "_open_near_items"})
        swept.clear()
        self.env["hc.denial"]._cron_sweep_deadlines(date(2026, 3, 10))
        found = {call.args[1] for call in swept if denial.filtered_domain(call.args[0])}
        self.assertEqual(found, {"_refresh_chances", "_open_missed_items"})

    def test_withdrawn_gives_the_denials_back(self):
        denial = self._deny("A-9")
        appeal = self._appeal(denial)
        appeal.action_withdraw()
        self.assertEqual((appeal.state, denial.state), ("withdrawn", "in_work"))

    def test_what_is_entered_is_not_entered_again(self):
        denial = self._deny("A-21")
        first = self._appeal(denial)
        self._send(first)
        with self._refused("entered already"):
            self._submit_only(first, reference="FAX-2")
        self._decide(first, "upheld")
        second = self.env["hc.appeal"].browse(first.action_next_level()["res_id"])
        with self._refused("entered already"):
            self._decide(first, "upheld", document_name="other.pdf")
        with self._refused(""):
            self._decide(first, "overturned")
        self.assertEqual(
            (first.submission_reference, first.decision_document_name), ("CONF-1", "decision.pdf")
        )
        self.assertEqual((denial.state, denial.appeal_result), ("appealed", "lost"))
        second.with_user(self.specialist).action_withdraw()
        third = self._appeal(denial)
        second.with_user(self.specialist).action_withdraw()
        self.assertEqual((third.state, denial.state), ("draft", "appealed"))

    def test_a_write_off_waits_for_the_appeal(self):
        denial = self._deny("A-10")
        self._appeal(denial)
        with self._refused("an appeal is open"):
            denial.with_user(self.manager)._request_write_off(
                reason_code=self._reason("write_off"),
                justification="not worth it",
                attachments=self.env["ir.attachment"],
                idempotency_key="w",
            )

    def test_nobody_writes_the_appeals_of_a_denial(self):
        denial, other = self._deny("A-17"), self._deny("A-18")
        appeal = self._appeal(denial)
        clerk = self._create_user("appeal.linker", "clerk")
        for user in (clerk, self.specialist):
            with self.subTest(user.login), self._refused("cannot be set directly"):
                other.with_user(user).write({"appeal_ids": [(4, appeal.id)]})
        self.assertEqual(appeal.denial_ids, denial)

    def test_denied_again_while_the_appeal_is_open_stays_with_the_appeal(self):
        denial = self._deny("A-11")
        appeal = self._appeal(denial)
        again = self._deny_again(denial)
        self.assertEqual((again.state, again.previous_id), ("appealed", denial))
        self.assertIn(again, appeal.denial_ids)

    def _deny_again(self, denial, remarks=()):
        claim = denial.claim_id
        self._post(
            [
                self._reverse_answer(claim, [("CO", "197", 40)]),
                self._answer(claim, [("CO", "197", 40)], remarks=remarks),
            ],
            0,
            trace=f"T-{denial.id}-2",
            method="NON",
        )
        return claim.denial_ids - denial

    def test_denied_again_without_a_right_to_appeal_is_to_do(self):
        denial = self._deny("A-31")
        appeal = self._appeal(denial)
        again = self._deny_again(denial, ["MA44"])
        self.assertEqual((again.state, again.is_appealable), ("new", False))
        self.assertEqual(appeal.denial_ids, denial)

    def test_denied_again_keeps_the_days_of_its_level_and_an_approved_packet(self):
        denial = self._deny("A-32")
        first = self._appeal(denial)
        self._send(first)
        self._decide(first, "upheld")
        second = self._appeal(denial)
        second.action_approve()
        again = self._deny_again(denial)
        self.assertEqual((again.state, again.level), ("new", 2))
        self.assertEqual(again.appeal_deadline, first.decided_on + timedelta(days=60))
        self.assertEqual(again.deadline, again.appeal_deadline)
        self.assertEqual(second.denial_ids, denial)

    def test_decisions_change_what_others_like_it_are_worth(self):
        first, other = self._deny("A-12"), self._deny("A-13")
        before = other.expected_value
        appeal = self._appeal(first)
        self._send(appeal)
        self._decide(appeal, "overturned")
        self.assertEqual(other.expected_value, before)
        other._refresh_chances()
        self.assertGreater(other.expected_value, before)
        self.assertIn("1 of 1 appeals", other.overturn_note)
        # What stands is not written anew, in whatever words it would be told.
        other._write_guarded({"overturn_note": "told in other words"})
        other._refresh_chances()
        self.assertEqual(other.overturn_note, "told in other words")

    def test_whether_evidence_is_there_is_told_without_loading_it(self):
        appeal = self._appeal(self._deny("A-33"))
        evidence = appeal.evidence_ids.filtered("is_required").sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(evidence.is_provided)
        field = evidence._fields["file"]
        self.assertNotIn(evidence.id, field._get_cache(evidence.env))

    def test_sweeps_warn_before_a_deadline_and_when_it_is_missed(self):
        today = self.env["hc.denial"]._get_today()
        near, missed = self._deny("A-14"), self._deny("A-15")
        near._write_guarded({"deadline": today + timedelta(days=5)})
        missed._write_guarded({"deadline": today - timedelta(days=5)})
        for _time in range(2):
            near._open_near_items()
            missed._open_missed_items()
        items = self.env["hc.work.item"].search(
            [("kind", "=", "denial_deadline"), ("res_id", "in", (near | missed).ids)]
        )
        self.assertEqual(sorted(items.mapped("severity")), ["critical", "error"])
        appeal = self._appeal(near)
        self.assertEqual(items.filtered(lambda item: item.res_id == near.id).state, "resolved")
        appeal.evidence_ids.write({"file": False, "file_name": False})
        appeal.sudo()._write_guarded({"deadline": today + timedelta(days=1)})
        appeal._open_near_items()
        appeal._open_document_items()
        waiting = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.appeal"), ("res_id", "=", appeal.id), ("state", "=", "open")]
        )
        self.assertEqual(sorted(waiting.mapped("kind")), ["appeal_deadline", "appeal_documents"])
        appeal.action_withdraw()
        self.assertEqual(set(waiting.mapped("state")), {"resolved"})

    def test_an_adviser_knows_no_person_and_proposes_a_letter(self):
        denial = self._deny("A-16").with_user(self.specialist)
        facts = denial._get_review_facts()
        self.assertEqual((facts["reasons"], facts["payer_type"]), (["CO-197"], "commercial"))
        denial._review_apply(
            {"responsible_user_id": self.specialist.id}, denial._get_review_token()
        )
        self.assertEqual(denial.responsible_user_id, self.specialist)
        appeal = self._appeal(denial)
        appeal._review_apply({"letter_body": "Better words."}, appeal._get_review_token())
        self.assertIn("Better words", appeal.letter_body)
        self.assertNotIn("Doe", str(appeal._get_review_facts()))
