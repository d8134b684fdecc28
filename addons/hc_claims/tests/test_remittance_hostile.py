# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp, era


@tagged("post_install", "-at_install")
class TestRemittanceHostile(RemittanceCase):
    """Files that are broken, foreign or forged post nothing and say why in one sentence."""

    def setUp(self):
        super().setUp()
        self.claim = self._make_claim("H-1")
        self.good = era([clp(self.claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 100)

    def _read(self, content):
        exchanges = self.env["hc.exchange"].with_user(self.poster)
        exchange, _verdict = exchanges._receive_remittance(content, "ACME", "hostile.835")
        exchange._process(lambda done, left: True)
        return exchange.sudo()

    def _assert_held(self, content, reason):
        remittance = self._read(content).remittance_ids
        self.assertEqual(remittance.state, "held", remittance.claim_ids.mapped("proof_note"))
        self.assertRegex(remittance.hold_reason, reason)
        self.assertFalse(remittance.move_ids)
        with self._refused("is not proven"):
            remittance.with_user(self.poster).action_post()
        self.assertEqual(self._get_party_open(self.claim.case_id, "payer_1"), 150.0)
        return remittance

    def test_what_is_no_remittance_is_rejected_as_a_whole(self):
        for content in (b"\x00\x01\x02" * 50, b"hello", b"ISA", self.good[:60]):
            with self.subTest(content[:10]):
                exchange = self._read(content)
                self.assertEqual(exchange.state, "rejected")
                self.assertTrue(exchange.error)
                self.assertFalse(exchange.remittance_ids)

    def test_a_truncated_file_is_held(self):
        cut = self.good.index(b"CAS*CO")
        self._assert_held(self.good[:cut], "add up")

    def test_another_separator_is_read_all_the_same(self):
        content = self.good.replace(b"*", b"|").replace(b"~", b"\n")
        self.assertEqual(self._read(content).remittance_ids.state, "proven")

    def test_an_unknown_payer_is_held_and_posted_once_it_is_known(self):
        content = (
            self.good.replace(b"*XV*60054", b"*XV*99999")
            .replace(b"ACME HEALTH PLAN", b"SOMEBODY ELSE")
            .replace(b"*160054", b"*199999")
        )
        remittance = self._assert_held(content, "No payer of")
        self.payer.payer_identifier = "199999"
        remittance._write_guarded({"payer_id": self.payer.id})
        remittance.with_user(self.poster).action_prove_again()
        self.assertEqual(remittance.state, "proven")

    def test_somebody_elses_remittance_is_held(self):
        self._assert_held(self.good.replace(b"1234567893", b"1111111112"), "addressed to")

    def test_a_foreign_currency_is_held_and_stays_so(self):
        content = self.good.replace(b"REF*EV", b"CUR*PR*CAD~REF*EV")
        remittance = self._assert_held(content, "CAD")
        remittance.with_user(self.poster).action_prove_again()
        self.assertEqual(remittance.state, "held")

    def test_amounts_that_are_none(self):
        for amount in (b"1E2", b"100.005", b"1e999", b"NaN", b"--100"):
            with self.subTest(amount):
                body = self.good.replace(b"*100.00*0.00*12", b"*" + amount + b"*0.00*12")
                remittance = self._read(body).remittance_ids
                self.assertEqual(remittance.state, "held")
                remittance.with_user(self.poster).action_prove_again()
                self.assertEqual(remittance.state, "held")

    def test_another_version_of_the_format_is_held(self):
        self._assert_held(self.good.replace(b"005010X221A1", b"004010X091A1"), "004010X091A1")

    def test_an_envelope_that_opens_twice_posts_nothing_twice(self):
        again = self.good[: self.good.index(b"GS*")] + self.good
        for remittance in self._read(again).remittance_ids:
            if remittance.state == "proven":
                remittance.with_user(self.poster).action_post()
        self.assertIn(self._get_party_open(self.claim.case_id, "payer_1"), (0.0, 150.0))

    def test_a_payment_of_a_day_to_come_is_held(self):
        day = self.company._get_office_day() + timedelta(days=40)
        content = self.good.replace(b"*20260310~TRN", f"*{day:%Y%m%d}~TRN".encode())
        self._assert_held(content, "30 days in the future")

    def test_a_service_of_a_day_to_come_is_held_until_it_has_come(self):
        day = self.company._get_office_day() + timedelta(days=3)
        line = [("V1001", 150, 100, [("CO", "45", 50)])]
        content = era([clp(self.claim.name, 150, 100, lines=line)], 100)
        content = content.replace(b"DTM*472*20260302", f"DTM*472*{day:%Y%m%d}".encode())
        remittance = self._assert_held(content, f"a service of {day}, which lies in the future")
        self.assertFalse(remittance._get_day_objections(day))

    def test_a_claim_of_another_company_is_not_touched(self):
        other = self.env["res.company"].create({"name": "Other Provider"})
        self.poster.company_ids += other
        exchanges = self.env["hc.exchange"].with_user(self.poster).with_company(other)
        exchange, _verdict = exchanges._receive_remittance(self.good, "ACME", "other.835")
        exchange._process(lambda done, left: True)
        remittance = exchange.sudo().remittance_ids
        self.assertEqual((remittance.company_id, remittance.state), (other, "held"))
        self.assertFalse(remittance.claim_ids.claim_id)

    def test_only_posters_bring_files_in(self):
        coder = self._create_user("hostile.coder", "coder")
        with self._refused("are imported by", AccessError):
            self.env["hc.exchange"].with_user(coder)._receive_remittance(self.good, "x", "x")
        with self._refused("is empty"):
            self.env["hc.exchange"].with_user(self.poster)._receive_remittance(b"", "x", "x")

    def test_nothing_of_a_remittance_is_written_by_hand(self):
        remittance = self._read(self.good).remittance_ids
        answer = remittance.claim_ids
        for record, values in (
            (remittance, {"state": "posted"}),
            (remittance, {"payment_amount": 1.0}),
            (remittance, {"is_readable": True}),
            (answer, {"amount_paid": 1.0}),
            (answer, {"claim_id": False}),
            (answer.adjustment_ids, {"treatment": "allowance"}),
        ):
            with self.subTest(values), self._refused("", Exception):
                record.with_user(self.poster).with_context(hc_permit=True).write(values)
