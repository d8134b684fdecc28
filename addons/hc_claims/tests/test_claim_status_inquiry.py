# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimStatusInquiry(ClaimCase):
    """Asking payers what became of claims, and taking their answers."""

    def _sent(self, *numbers):
        claims = self.env["hc.claim"].union(*(self._claim(number) for number in numbers))
        self._send(claims)
        return claims

    def _answer(self, claims, category="P1", status="20", message="1"):
        """A 277 that answers questions about claims."""
        body = [
            "BHT*0010*08*REF1*20260310*1200*DG",
            "HL*1**20*1",
            "NM1*PR*2*ACME*****PI*60054",
            "HL*2*1*21*1",
            "NM1*41*2*RIVERSIDE*****46*RIV001",
            "HL*3*2*19*1",
            "NM1*1P*2*RIVERSIDE*****XX*1234567893",
        ]
        for number, claim in enumerate(claims, start=4):
            body += [
                f"HL*{number}*3*22*0",
                "NM1*IL*1*DOE*JANE****MI*W1",
                f"TRN*2*{claim.name}",
                f"STC*{category}:{status}*20260310**150",
                "REF*1K*PAYER77",
            ]
        segments = [
            "ISA*00*          *00*          *ZZ*COASTAL        *ZZ*RIVERSIDE01    "
            f"*260310*1200*^*00501*00000000{message}*0*P*:",
            f"GS*HN*COASTAL*RIVERSIDE01*20260310*1200*{message}*X*005010X212",
            "ST*277*0001*005010X212",
            *body,
            f"SE*{len(body) + 2}*0001",
            f"GE*1*{message}",
            f"IEA*1*00000000{message}",
        ]
        exchanges = self.env["hc.exchange"].with_user(self.specialist)
        exchange, _verdict = exchanges._receive_acknowledgement(
            "".join(f"{segment}~" for segment in segments).encode(), "COASTAL", f"{message}.277"
        )
        exchange._process(lambda done, left: True)
        return exchange.sudo()

    def test_selected_claims_are_asked_about_in_one_file(self):
        claims = self._sent("SI-1", "SI-2")
        action = claims.with_user(self.specialist).action_ask_status()
        inquiry = self.env["hc.claim.status.inquiry"].browse(action["res_id"])
        self.assertEqual((inquiry.state, inquiry.question_count), ("written", 2))
        rows = self._file_of(inquiry)
        self.assertEqual(
            [row[2] for row in rows if row[0] == "TRN"], claims.sorted("id").mapped("name")
        )
        self.assertEqual([row[1] for row in rows if row[0] == "GS"], ["HR"])
        self.assertEqual(set(claims.mapped("status_asked_on")), {fields.Date.context_today(claims)})
        inquiry.with_user(self.specialist).action_mark_sent()
        self.assertEqual(inquiry.exchange_id.state, "done")

    def test_an_answer_reaches_the_claim_and_its_question_also_when_it_says_the_same(self):
        claims = self._sent("SI-3", "SI-4")
        first = claims._ask_status()
        self._answer(claims[0])
        self.assertEqual(claims[0].state, "pending")
        self.assertEqual(claims[0].payer_claim_number, "PAYER77")
        self.assertEqual((first.state, first.answered_count), ("written", 1))
        self._answer(claims[1], message="2")
        self.assertEqual(first.state, "answered")
        second = claims[0]._ask_status()
        self._answer(claims[0], message="3")
        self.assertEqual(second.state, "answered", "nothing new, yet an answer")
        self.assertEqual(len(claims[0].status_ids.filtered(lambda row: row.origin == "277")), 1)

    def test_the_scheduled_action_asks_once_in_a_while(self):
        claims = self._sent("SI-5", "SI-6")
        self.payer.takes_status_requests = True
        late = claims[0]
        late._write_guarded({"submitted_on": fields.Date.today() - timedelta(days=40)})
        for _run in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("hc_claims.ir_cron_ask_claim_status").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(late.question_ids), 1)
        self.assertFalse(claims[1].question_ids)
        late._write_guarded({"status_asked_on": fields.Date.today() - timedelta(days=15)})
        with self.enter_registry_test_mode():
            self.env.ref("hc_claims.ir_cron_ask_claim_status").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(late.question_ids), 2)

    def test_the_file_is_acknowledged_and_read_only_by_who_may_see_its_claims(self):
        claims = self._sent("SI-7")
        inquiry = claims._ask_status()
        exchange = self.env["hc.exchange"].new({"company_id": self.company.id, "source": "COASTAL"})
        self.assertEqual(exchange._find_batch(str(inquiry.control_number)), inquiry)
        inquiry._follow_group(True, inquiry.exchange_id, "A", "", {})
        self.assertTrue(inquiry.acknowledged_at)
        stranger = self._create_user(
            "status.elsewhere", "claims_specialist", facilities=self.other_facility
        )
        with self.assertRaises(AccessError):
            inquiry.with_user(stranger).action_download()
        inquiry.with_user(self.specialist).action_download()
        inquiry._follow_interchange(False, inquiry.exchange_id, "R", "001")
        self.assertEqual(inquiry.state, "rejected")
        self.assertFalse(claims.status_asked_on, "they are asked about again")
        self.assertTrue(
            self.env["hc.work.item"].search(
                [("dedup_key", "=", f"claim_status_inquiry:{inquiry.id}:rejected")]
            )
        )

    def test_a_claim_that_the_primary_payer_sent_on_is_not_asked_about(self):
        sent, crossover = self._sent("SI-9"), self._claim("SI-10")
        crossover._mark_forwarded(sent)
        inquiry = (sent | crossover)._ask_status()
        self.assertEqual(inquiry.question_ids.claim_id, sent)
        self.assertFalse(crossover.status_asked_on)
        with self.assertRaisesRegex(UserError, "portal"):
            crossover.with_user(self.specialist).action_ask_status()

    def test_nothing_to_ask_is_said(self):
        claim = self._claim("SI-8")
        with self.assertRaises(UserError):
            claim.with_user(self.specialist).action_ask_status()
