# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp, era

_CLEAN = [("CO", "45", 50)]


@tagged("post_install", "-at_install")
class TestRemittanceScreens(RemittanceCase):
    """What posters see and press."""

    def _upload(self, *contents, user=None):
        """Upload files as a person does, and return what the wizard answers."""
        env = self.env(user=user or self.poster)
        files = env["ir.attachment"].create(
            [
                {
                    "name": f"file{number}.835",
                    "raw": content,
                    "res_model": "hc.remittance.upload.wizard",
                    "res_id": 0,
                }
                for number, content in enumerate(contents, start=1)
            ]
        )
        wizard = env["hc.remittance.upload.wizard"].create(
            {"attachment_ids": [Command.set(files.ids)]}
        )
        return wizard, wizard.action_upload(), files

    def test_one_good_file_opens_its_remittance_and_leaves_no_copy_behind(self):
        claim = self._make_claim("S-1")
        _wizard, action, files = self._upload(
            era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100)
        )
        remittance = self.env["hc.remittance"].browse(action["res_id"])
        self.assertEqual((action["res_model"], remittance.state), ("hc.remittance", "proven"))
        self.assertFalse(files.exists())
        self.assertEqual(remittance.exchange_id.sudo().create_uid, self.poster)

    def test_every_file_of_many_is_answered_for(self):
        claim = self._make_claim("S-2")
        good = era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100)
        wrong = era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 99, trace="T2")
        wizard, action, _files = self._upload(good, good, wrong, b"no remittance at all", b"")
        self.assertEqual((action["res_model"], wizard.is_done), (wizard._name, True))
        shown = str(wizard.result_html)
        for words in (
            "received before",
            "It does not add up",
            "cannot be read as a remittance",
            "is empty",
        ):
            self.assertIn(words, shown)
        self.assertEqual(len(wizard.remittance_ids), 2)
        self.assertEqual(
            wizard.action_open_remittances()["domain"], [("id", "in", wizard.remittance_ids.ids)]
        )

    def test_a_large_file_is_read_in_the_background(self):
        claim = self._make_claim("S-3")
        self.patch(self.env.registry["hc.remittance.upload.wizard"], "_bytes_at_once", 10)
        wizard, _action, _files = self._upload(
            era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100)
        )
        self.assertIn("in the background", str(wizard.result_html))
        self.assertFalse(wizard.remittance_ids)

    def test_files_of_other_records_are_not_deleted_by_an_upload(self):
        claim = self._make_claim("S-4")
        note = self.env(user=self.poster)["ir.attachment"].create(
            {
                "name": "note.835",
                "raw": era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100),
                "res_model": "hc.claim",
                "res_id": claim.id,
            }
        )
        wizard = self.env(user=self.poster)["hc.remittance.upload.wizard"].create(
            {"attachment_ids": [Command.set(note.ids)]}
        )
        wizard.action_upload()
        self.assertTrue(note.exists())

    def test_files_that_were_never_sent_in_are_deleted(self):
        wizards = self.env["hc.remittance.upload.wizard"]
        lost = self.env["ir.attachment"].create(
            {"name": "a.835", "raw": b"x", "res_model": wizards._name, "res_id": 0}
        )
        wizards._gc_lost_files()
        self.assertTrue(lost.exists())
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_date = %s WHERE id = %s",
            [lost.create_date - timedelta(days=1), lost.id],
        )
        self.env.invalidate_all()
        wizards._gc_lost_files()
        self.assertFalse(lost.exists())

    def test_the_proof_names_the_first_difference(self):
        claims = [self._make_claim(f"S-5{number}") for number in range(2)]
        remittance = self._receive(
            era(
                [
                    clp(claims[0].name, 150, 100, adjustments=_CLEAN),
                    clp(claims[1].name, 150, 90, lines=[("V1001", 150, 90, [("CO", "45", 50)])]),
                ],
                190,
            )
        )
        self.assertIn(f"Answer 2 to {claims[1].name}", remittance.first_difference)
        self.assertIn("Service line 1", remittance.first_difference)
        levels = remittance._get_proof_levels()
        self.assertEqual([level["is_proven"] for level in levels], [False, False, True])
        self.assertEqual(levels[1]["wrong"], 1)
        self.assertIn(remittance.first_difference, str(remittance.proof_html))

    def test_the_form_of_a_large_remittance_sends_one_page_of_answers(self):
        answers = [
            clp(f"NOBODY-{number}", 150, 80, adjustments=[("CO", "45", 70)]) for number in range(45)
        ]
        remittance = self._receive(era(answers, 45 * 80, trace="LARGE")).with_user(self.poster)
        self.assertEqual(remittance.claim_count, 45)
        arch = etree.fromstring(remittance.get_view(view_type="form")["arch"])
        shown = {node.get("name") for node in arch.iter("field")}
        self.assertLessEqual({"first_answer_ids", "first_waiting_ids"}, shown)
        self.assertNotIn("claim_ids", shown)
        [values] = remittance.web_read(
            {"first_answer_ids": {"fields": {"sequence": {}}}, "first_waiting_ids": {}}
        )
        page = [row["sequence"] for row in values["first_answer_ids"]]
        self.assertEqual(page, list(range(1, 41)))
        self.assertEqual(len(values["first_waiting_ids"]), 40)
        domain = remittance.action_open_answers()["domain"]
        self.assertEqual(self.env["hc.remittance.claim"].search_count(domain), 45)

    def test_the_posting_page_says_before_what_it_says_after(self):
        claim = self._make_claim("S-6")
        adjustments = [("CO", "45", 50), ("PR", "2", 20)]
        remittance = self._receive(era([clp(claim.name, 150, 80, adjustments=adjustments)], 80))
        before = remittance._get_posting_table()["rows"]
        remittance.with_user(self.poster).action_post()
        remittance.invalidate_recordset()
        after = remittance._get_posting_table()["rows"]
        self.assertEqual(before[0]["amounts"], after[0]["amounts"])
        self.assertEqual((before[0]["state"], after[0]["state"]), ("matched", "posted"))
        self.assertIn("To post", str(before[0]["label"]))

    def test_a_picked_claim_is_posted_where_the_remittance_is(self):
        claim = self._make_claim("S-7")
        remittance = self._post([clp("LOST", 150, 100, adjustments=_CLEAN)], 100)
        answer = remittance.claim_ids
        self.assertEqual((remittance.waiting_count, remittance.amount_waiting), (1, 100.0))
        action = answer.with_user(self.poster).action_open_pick_claim()
        wizard = self.env(user=self.poster)[action["res_model"]].browse(action["res_id"])
        candidate = wizard.candidate_ids.filtered(lambda each: each.claim_id == claim)
        self.assertIn("same charge", candidate.reasons)
        candidate.action_pick()
        self.assertEqual((answer.state, answer.claim_id), ("posted", claim))
        self.assertEqual(answer.match_method, "picked")
        self.assertFalse(remittance.waiting_count)
        self.assertEqual(self._get_clearing(remittance), 0.0)
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"remittance_claim:{answer.id}")]
        )
        self.assertEqual(item.state, "resolved")

    def test_a_claim_is_found_by_its_number_and_one_of_another_payer_is_refused(self):
        claim = self._make_claim("S-9")
        remittance = self._receive(era([clp("LOST", 75, 70, adjustments=[("CO", "45", 5)])], 70))
        wizards = self.env(user=self.poster)["hc.remittance.pick.wizard"]
        wizard = wizards.create({"answer_id": remittance.claim_ids.id})
        with self.assertRaisesRegex(UserError, "Choose a claim"):
            wizard.action_confirm()
        wizard.claim_id = claim
        wizard.action_confirm()
        self.assertEqual(
            (remittance.claim_ids.state, remittance.claim_ids.claim_id), ("matched", claim)
        )
        remittance.claim_ids.with_user(self.poster).action_unmatch()
        self.assertEqual(remittance.claim_ids.state, "unmatched")
        self.assertFalse(remittance.claim_ids.claim_id)

    def test_a_held_remittance_gets_its_payer_and_is_proven(self):
        claim = self._make_claim("S-10")
        content = era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100, payer="99999")
        remittance = self._receive(content.replace(b"ACME HEALTH PLAN", b"SOMEBODY ELSE"))
        self.assertEqual(remittance.state, "held")
        self.assertFalse(remittance.payer_id)
        wizard = self.env(user=self.poster)["hc.remittance.payer.wizard"].create(
            {"remittance_id": remittance.id, "payer_id": claim.payer_id.id}
        )
        wizard.action_confirm()
        self.assertEqual((remittance.state, remittance.payer_id), ("proven", claim.payer_id))
        self.assertEqual(remittance.claim_ids.claim_id, claim)
        with self.assertRaisesRegex(UserError, "without a payer"):
            remittance.with_user(self.poster)._pick_payer(claim.payer_id)

    def test_money_is_never_put_aside(self):
        claim = self._make_claim("S-11")
        remittance = self._post(
            [
                clp(claim.name, 150, 100, adjustments=_CLEAN),
                clp("LOST", 70, 60, adjustments=[("CO", "45", 10)]),
                clp("GONE", 70, 0, adjustments=[("CO", "29", 70)]),
            ],
            160,
        )
        _posted, paid, unpaid = remittance.claim_ids
        with self.assertRaisesRegex(UserError, "Money always goes to a claim"):
            paid.with_user(self.poster).action_put_aside()
        unpaid.with_user(self.poster).action_put_aside()
        self.assertEqual((paid.state, unpaid.state), ("unmatched", "no_posting"))

    def test_the_running_account_of_a_takeback_comes_to_zero(self):
        claims = [self._make_claim(f"S-12{number}") for number in range(2)]
        for number, (claim, amount) in enumerate(zip(claims, (-30, 30), strict=True)):
            self._post(
                [clp(claim.name, 150, 100, adjustments=_CLEAN)],
                100 - amount,
                trace=f"T{number}",
                plb=[("WO", "TAKE1", amount)],
            )
        rows = self.env["hc.provider.adjustment"].search([("reference", "=", "TAKE1")], order="id")
        self.assertEqual(rows.mapped("amount_running"), [-30.0, 0.0])
        self.assertEqual(rows.mapped("is_settled"), [True, True])
        settled = self.env["hc.provider.adjustment"].search([("is_settled", "=", True)])
        self.assertLessEqual(rows, settled)

    def test_candidates_are_claims_of_ones_own_facilities(self):
        claim = self._make_claim("S-19")
        remittance = self._receive(era([clp("LOST-2", 150, 100, adjustments=_CLEAN)], 100))
        other = self.facility.copy({"code": "S19", "name": "Hill Clinic", "npi": "1245319599"})
        elsewhere = self._create_user(
            "remittance.elsewhere", "claims_specialist", "clerk", facilities=other
        )
        found = {}
        for user in (self.poster, elsewhere):
            wizards = self.env(user=user)["hc.remittance.pick.wizard"]
            wizard = wizards.create({"answer_id": remittance.claim_ids.id})
            found[user] = wizard.sudo().candidate_ids.claim_id
        self.assertIn(claim, found[self.poster])
        self.assertFalse(found[elsewhere])

    def test_who_may_read_sees_every_screen_and_presses_nothing(self):
        claim = self._make_claim("S-13")
        remittance = self._post([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100)
        reader = self._create_user("remittance.reader", "coder")
        seen = remittance.with_user(reader)
        self.assertIn("o_hc_proof", str(seen.proof_html))
        self.assertEqual(seen.posted_count, 1)
        self.assertFalse(seen.can_open_file)
        for model in ("upload.wizard", "pick.wizard", "payer.wizard"):
            self.assertFalse(
                self.env[f"hc.remittance.{model}"].with_user(reader).has_access("create")
            )
        with self.assertRaises(AccessError):
            seen.action_post()

    def test_patient_names_are_for_those_who_may_see_them(self):
        claim = self._make_claim("S-14")
        remittance = self._receive(era([clp(claim.name, 150, 100, adjustments=_CLEAN)], 100))
        finance = self._create_user("remittance.finance", "finance_manager")
        shown = self.env(user=finance)["hc.remittance.claim"].get_views([(False, "form")])
        self.assertNotIn("patient_name", shown["models"]["hc.remittance.claim"]["fields"])
        with self.assertRaises(AccessError):
            remittance.claim_ids.with_user(finance).read(["patient_name"])
        self.assertTrue(remittance.claim_ids.with_user(self.poster).read(["patient_name"]))

    def test_adjustments_are_analysed_by_payer_and_facility(self):
        claim = self._make_claim("S-15")
        self._post([clp(claim.name, 150, 0, adjustments=[("CO", "197", 150)])], 0, method="NON")
        row = self.env["hc.adjustment.analysis"].search([("claim_id", "=", claim.id)])
        self.assertEqual(
            (row.treatment, row.category, row.amount), ("denied", "authorization", 150)
        )
        self.assertEqual((row.payer_id, row.facility_id), (claim.payer_id, claim.facility_id))
