# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..demo_data.acknowledgements import file_acknowledgement, interchange_acknowledgement
from ..demo_data.eligibility_answers import active, eligibility_answers, plan
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestEligibilityQuestions(EligibilityCase):
    def test_a_question_goes_out_in_a_file_and_stays_as_it_was_asked(self):
        inquiry = self._ask()
        batch = inquiry.batch_id
        self.assertEqual((inquiry.state, batch.inquiry_count), ("sent", 1))
        exchange = batch.exchange_id
        self.assertEqual((exchange.direction, exchange.document_type), ("out", "x12_270"))
        text = exchange.payload_attachment_id.raw.decode("ascii")
        self.assertIn(f"TRN*1*{inquiry.name}*1123456789~", text)
        self.assertIn("NM1*IL*1*DOE*JANE****MI*W123456789~", text)
        self.assertIn("EQ*30~", text)
        self.assertNotIn("ELM STREET", text, "what payers do not need is not sent")
        self.coverage.member_id = "CHANGED"
        self.assertEqual(inquiry.content["subscriber"]["member_id"], "W123456789")

    def test_an_answer_is_of_the_day_where_the_patient_is_seen(self):
        """Between them, the two zones are on another day than UTC at any hour."""
        for number, zone in (("61", "Pacific/Kiritimati"), ("62", "Pacific/Pago_Pago")):
            self.facility.timezone = zone
            coverage = self._member(number, first_name="TIA")
            inquiry = self._ask(coverage)
            exchange = self._take(
                self._answer(
                    inquiry,
                    member_id=f"M{number}",
                    first_name="TIA",
                    birth_date=date(1990, 1, 1),
                ),
                name=f"answer-{number}.x12",
            )
            local = self.facility.with_context(tz=zone)
            received = fields.Datetime.context_timestamp(local, exchange.create_date).date()
            answer = exchange.eligibility_answer_ids
            self.assertEqual((answer.inquiry_id, answer.checked_on), (inquiry, received))

    def test_the_same_question_is_asked_once_while_it_waits(self):
        inquiry = self._ask()
        self.assertEqual(self._ask(), inquiry)
        other_day = self._ask(day=self.today + timedelta(days=9))
        self.assertNotEqual(other_day, inquiry)
        self._take(self._answer(inquiry))
        self.assertNotEqual(self._ask(), inquiry, "an answered question may be asked again")

    def test_what_cannot_be_asked_is_held_with_the_reason_and_can_be_mended(self):
        self.payer.payer_identifier = False
        inquiry = self._ask()
        self.assertEqual(inquiry.state, "held")
        self.assertIn("payer", inquiry.objection)
        self.assertEqual(len(self._items("eligibility_held", inquiry)), 1)
        self.payer.payer_identifier = "60054"
        inquiry.with_user(self.clerk).action_submit()
        self.assertEqual((inquiry.state, inquiry.objection), ("sent", False))
        self.assertFalse(self._items("eligibility_held", inquiry))

    def test_a_dependent_is_asked_about_under_the_subscriber(self):
        parent = self._create_patient("1000009", first_name="JOHN")
        self.coverage.write({"subscriber_relation": "child", "subscriber_id": parent.id})
        inquiry = self._ask()
        text = inquiry.batch_id.exchange_id.payload_attachment_id.raw.decode("ascii")
        self.assertIn("NM1*IL*1*DOE*JOHN****MI*W123456789~", text)
        self.assertIn("NM1*03*1*DOE*JANE~", text)
        dependent = ("JANE", "DOE", date(1980, 5, 17))
        self._take(self._answer(inquiry, first_name="JOHN", birth_date=None, dependent=dependent))
        self.assertEqual(self.coverage.eligibility_check, "fresh")

    def test_check_now_opens_the_question(self):
        action = self.coverage.with_user(self.clerk).action_check_eligibility()
        inquiry = self.env["hc.eligibility.inquiry"].browse(action["res_id"])
        self.assertEqual((inquiry.state, inquiry.origin), ("sent", "user"))
        self.assertTrue(self.coverage.is_eligibility_asked)

    def test_a_rejected_file_asked_nobody(self):
        inquiry = self._ask()
        batch = inquiry.batch_id
        self._take(content=interchange_acknowledgement(batch, "R", "020"))
        self.assertEqual((batch.state, inquiry.state), ("rejected", "rejected"))
        self.assertEqual(len(self._items("eligibility_file", batch)), 1)

    def test_an_accepted_file_waits_for_its_answers(self):
        inquiry = self._ask()
        self._take(content=file_acknowledgement(inquiry.batch_id))
        self.assertEqual((inquiry.batch_id.state, inquiry.state), ("accepted", "sent"))
        self.assertTrue(inquiry.batch_id.acknowledged_at)

    def test_handing_over_ends_the_exchange(self):
        batch = self._ask().batch_id
        batch.with_user(self.clerk).action_mark_sent()
        self.assertEqual((batch.state, batch.exchange_id.state), ("sent", "done"))


@tagged("post_install", "-at_install")
class TestEligibilityAnswers(EligibilityCase):
    def test_an_active_answer_stands_on_the_coverage_with_its_benefits(self):
        inquiry = self._ask()
        segments = active(
            "EB*C*IND*30***29*150.25*****Y",
            "EB*C*IND*30***23*1000*****Y",
            "EB*B**98***27*25*****Y",
            "EB*B**98***27*60*****N",
            "EB*A**30*****.2****Y",
            "EB*G*IND*30***29*2500*****Y",
            "EB*F**33***29***VS*0",
            "MSG*CHIROPRACTIC VISITS USED UP",
        )
        self._take(self._answer(inquiry, segments))
        answer = inquiry.answer_id
        self.assertEqual((inquiry.state, answer.outcome), ("answered", "active"))
        self.assertEqual(self.coverage.eligibility_answer_id, answer)
        self.assertEqual(self.coverage.eligibility_status, "active")
        self.assertEqual(self.coverage.eligibility_checked_on, self.today)
        self.assertEqual(answer.plan_date_from, date(2026, 1, 1))
        card = self.coverage._prepare_eligibility_card(self.today)
        self.assertEqual(
            [card[name] for name in ("deductible_left", "copay", "coinsurance")],
            ["$\xa0150.25", "$\xa025.00", "20%"],
        )
        self.assertTrue(card["limit_used_up"])
        limit = answer.benefit_ids.filtered(lambda each: each.kind == "limit")
        self.assertEqual((limit.value_text, limit.period_name), ("0 visits", "remaining"))
        self.assertIn("USED UP", limit.message)
        self.assertIn("GOLD PLAN", self.coverage.with_user(self.clerk).eligibility_card)

    def test_an_inactive_answer_says_so_and_keeps_what_was_typed(self):
        self.coverage.write({"date_to": "2026-12-31", "eligibility_status": "active"})
        self.coverage.eligibility_checked_on = self._days(5)
        inquiry = self._ask()
        self._take(self._answer(inquiry, [*plan(end="20260331"), "EB*6**30"]))
        self.assertEqual(self.coverage.eligibility_status, "inactive")
        self.assertEqual(self.coverage.eligibility_check, "inactive")
        self.assertEqual(self.coverage.date_to, date(2026, 12, 31))
        self.assertEqual(self.coverage.plan_date_to, date(2026, 3, 31))
        item = self._items("eligibility_difference", self.coverage)
        self.assertIn("2026-03-31", item.description)
        self.assertIn("Typed as Active", item.description)

    def test_another_member_number_is_told_without_the_number(self):
        inquiry = self._ask()
        self._take(self._answer(inquiry, member_id="W999999999"))
        self.assertEqual(inquiry.state, "answered", "name and birth date say who it is")
        item = self._items("eligibility_difference", self.coverage)
        self.assertIn("Member ID", item.description)
        self.assertNotIn("W999999999", item.description)
        self.assertEqual(self.coverage.member_id, "W123456789")

    def test_a_rejection_says_why_and_what_to_do(self):
        inquiry = self._ask()
        self._take(self._answer(inquiry, ["AAA*N**75*C"]))
        answer = inquiry.answer_id
        self.assertEqual((inquiry.state, answer.outcome), ("rejected", "rejected"))
        self.assertIn("not found", answer.reject_text)
        self.assertEqual(self.coverage.eligibility_check, "rejected")
        item = self._items("eligibility_rejected", inquiry)
        self.assertIn("AAA 75", item.description)
        self.assertIn("card", item.description)

    def test_a_payer_that_cannot_answer_says_nothing_of_the_coverage(self):
        self._take(self._answer(self._ask()))
        before = self.coverage.eligibility_answer_id
        inquiry = self._ask(day=self.today + timedelta(days=3))
        self._take(self._answer(inquiry, ["AAA*Y**42*P"]))
        self.assertEqual((inquiry.state, inquiry.outcome), ("rejected", "unavailable"))
        self.assertEqual(self.coverage.eligibility_answer_id, before)
        self.assertIn("phone", self._items("eligibility_rejected", inquiry).description)

    def test_a_payer_level_that_is_rejected_ends_all_questions_of_its_set(self):
        other = self._member("2")
        inquiries = self.env["hc.eligibility.inquiry"]._request(
            [{"coverage_id": c.id, "service_date_from": self.today} for c in self.coverage | other]
        )
        batch = inquiries._submit()
        reference = f"{batch.control_number:09d}0001"
        content = eligibility_answers([], self.today).decode()
        content = content.replace("REF1", reference)
        content = content.replace(
            "~SE*3*", "~HL*1**20*0~NM1*PR*2*PLAN*****PI*60054~AAA*Y**42*P~SE*6*"
        )
        self._take(content=content.encode())
        self.assertEqual(set(inquiries.mapped("state")), {"rejected"})
        self.assertEqual(set(inquiries.mapped("answer_ids.reject_codes")), {"42/P"})

    def test_answers_come_in_any_order_and_the_newest_is_in_force(self):
        inquiry = self._ask()
        inquiry._write_guarded({"sent_at": f"{self._days(9)} 10:00:00"})
        self._take(self._answer(inquiry), sent_on=self._days(2))
        newest = self.coverage.eligibility_answer_id
        self._take(self._answer(inquiry, [*plan(), "EB*6**30"]), sent_on=self._days(6))
        self.assertEqual(len(inquiry.answer_ids), 2)
        self.assertEqual(self.coverage.eligibility_answer_id, newest)
        self.assertEqual(self.coverage.eligibility_status, "active")
        self.assertEqual(
            self.env["hc.coverage.benefit"].search([("is_in_force", "=", True)]).answer_id, newest
        )

    def test_a_newer_check_that_was_typed_stands(self):
        inquiry = self._ask()
        inquiry._write_guarded({"sent_at": f"{self._days(9)} 10:00:00"})
        self.coverage.write(
            {"eligibility_status": "inactive", "eligibility_checked_on": self._days(1)}
        )
        self._take(self._answer(inquiry), sent_on=self._days(5))
        self.assertEqual(self.coverage.eligibility_status, "inactive")
        self.assertFalse(self.coverage.eligibility_answer_id)

    def test_an_unasked_answer_finds_its_coverage(self):
        exchange = self._take(self._answer(None))
        self.assertEqual(exchange.imported_count, 1)
        self.assertEqual(self.coverage.eligibility_answer_id.exchange_id, exchange)

    def test_no_answer_in_time_and_a_late_one(self):
        inquiry = self._ask()
        inquiry._write_guarded({"sent_at": f"{self._days(3)} 10:00:00"})
        self._trigger("ir_cron_sweep_eligibility_answers")
        self.assertEqual(inquiry.state, "no_answer")
        self.assertEqual(len(self._items("eligibility_no_answer", inquiry)), 1)
        self._take(self._answer(inquiry))
        self.assertEqual(inquiry.state, "answered")
        self.assertFalse(self._items("eligibility_no_answer", inquiry))

    def test_nobody_writes_an_answer(self):
        self._take(self._answer(self._ask()))
        answer = self.coverage.eligibility_answer_id
        for record, vals in (
            (answer, {"outcome": "inactive"}),
            (answer.benefit_ids, {"amount": 1.0}),
            (self.coverage, {"eligibility_answer_id": False}),
        ):
            with self.subTest(record), self.assertRaises(AccessError):
                record.sudo().write(vals)


@tagged("post_install", "-at_install")
class TestEligibilityHostile(EligibilityCase):
    def _assert_unused(self, exchange, count=1):
        self.assertEqual((exchange.imported_count, exchange.failed_count), (0, count))
        self.assertTrue(self._items("eligibility_unmatched", exchange))
        self.assertFalse(self.coverage.eligibility_answer_ids)

    def test_the_answer_to_our_number_about_another_person_is_not_used(self):
        inquiry = self._ask()
        for changes in (
            {"birth_date": date(1981, 5, 17)},
            {"member_id": "X1", "last_name": "ROE"},
            {"member_id": "", "birth_date": None},
        ):
            with self.subTest(changes):
                self._assert_unused(self._take(self._answer(inquiry, **changes)))
        self.assertEqual(inquiry.state, "sent")

    def test_a_rejection_of_another_person_is_not_used(self):
        inquiry = self._ask()
        answer = self._answer(inquiry, ["AAA*N**75*C"], member_id="X1", last_name="ROE")
        self._assert_unused(self._take(answer))

    def test_unknown_and_unsent_numbers_are_not_used(self):
        self._assert_unused(self._take(self._answer(None, trace="EL99999999")))
        draft = self.env["hc.eligibility.inquiry"]._request(
            [{"coverage_id": self.coverage.id, "service_date_from": self.today}]
        )
        self._assert_unused(self._take(self._answer(draft)))

    def test_a_question_of_another_company_is_out_of_reach(self):
        inquiry = self._ask()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        exchanges = self.env["hc.exchange"].with_company(company)
        exchange, _verdict = exchanges._receive_acknowledgement(
            eligibility_answers([self._answer(inquiry)], self.today), "COASTAL", "a.x12"
        )
        exchange._process(lambda done, left: True)
        self._assert_unused(exchange)
        self.assertEqual(inquiry.state, "sent")

    def test_a_truncated_answer_is_not_used_for_its_end_may_say_inactive(self):
        inquiry = self._ask()
        content = eligibility_answers([self._answer(inquiry)], self.today)
        exchange = self._take(content=content[: content.index(b"~SE*") + 1])
        self._assert_unused(exchange)
        self.assertEqual(inquiry.state, "sent")
        cut = content.replace(b"EB*1**30**GOLD PLAN~", b"")
        self._assert_unused(self._take(content=cut))

    def test_another_version_is_not_used(self):
        inquiry = self._ask()
        content = eligibility_answers([self._answer(inquiry)], self.today)
        self._assert_unused(self._take(content=content.replace(b"005010X279A1", b"004010X092A1")))

    def test_the_same_answer_twice_is_one_whatever_file_it_comes_in(self):
        inquiry = self._ask()
        self._take(self._answer(inquiry))
        answer = self._answer(inquiry)
        exchange = self._take(content=eligibility_answers([answer, answer], self.today, number=91))
        self.assertEqual((exchange.imported_count, exchange.repeated_count), (0, 2))
        self.assertEqual(len(inquiry.answer_ids), 1)
        self.assertFalse(inquiry._transition_where_allowed("answered")[0])

    def test_a_replay_does_not_make_an_old_answer_fresh(self):
        inquiry = self._ask()
        inquiry._write_guarded({"sent_at": f"{self._days(20)} 10:00:00"})
        self._take(self._answer(inquiry), sent_on=self._days(20))
        self._take(self._answer(inquiry), sent_on=self.today)
        self.assertEqual(self.coverage.eligibility_checked_on, self._days(20))

    def test_days_ahead_of_today_are_cut(self):
        self._take(self._answer(self._ask()), sent_on=self.today + timedelta(days=300))
        self.assertEqual(self.coverage.eligibility_checked_on, self.today)

    def test_unasked_answers_need_payer_number_name_and_birth_date(self):
        for changes in (
            {"payer_identifier": "99999"},
            {"member_id": "W1"},
            {"first_name": "JILL"},
            {"last_name": "ROE"},
            {"birth_date": date(1999, 1, 1)},
        ):
            with self.subTest(changes):
                self._assert_unused(self._take(self._answer(None, **changes)))

    def test_an_unasked_answer_that_fits_two_coverages_is_not_guessed(self):
        self._create_coverage(self.patient, coverage_order="2")
        self._assert_unused(self._take(self._answer(None)))

    def test_wild_figures_and_texts_are_bounded(self):
        inquiry = self._ask()
        segments = active("EB*C*IND*30***29*99999999999999*****Y", "MSG*" + "X" * 264)
        self._take(self._answer(inquiry, segments))
        figure = inquiry.answer_id.benefit_ids.filtered(lambda each: each.kind == "deductible")
        self.assertFalse(figure.has_amount)
        self.assertEqual(inquiry.answer_id.outcome, "active")

    def test_one_bad_member_does_not_lose_the_others(self):
        other = self._member("2")
        first, good = self._ask(), self._ask(other)
        exchange = self._take(
            self._answer(first, birth_date=date(1981, 1, 1)),
            self._answer(good, member_id="M2", first_name="ANN", birth_date=date(1990, 1, 1)),
        )
        self.assertEqual((exchange.imported_count, exchange.failed_count), (1, 1))
        self.assertEqual((first.state, good.state), ("sent", "answered"))

    def test_an_interrupted_file_goes_on_where_it_stopped(self):
        answers = []
        for number in range(3):
            inquiry = self._ask(self._member(number))
            answers.append(
                self._answer(
                    inquiry,
                    member_id=f"M{number}",
                    first_name="ANN",
                    birth_date=date(1990, 1, 1),
                )
            )
        content = eligibility_answers(answers, self.today)
        exchange, _verdict = self.env["hc.exchange"]._receive_acknowledgement(
            content, "COASTAL", "a.x12"
        )
        target = "odoo.addons.hc_claims.models.hc_exchange_eligibility.ANSWERS_PER_STEP"
        with patch(target, 2):
            self.assertFalse(exchange._process(lambda done, left: False))
            self.assertEqual(len(exchange.eligibility_answer_ids), 2)
            self.assertTrue(exchange._process(lambda done, left: True))
        self.assertEqual((len(exchange.eligibility_answer_ids), exchange.state), (3, "done"))
