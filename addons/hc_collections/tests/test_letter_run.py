# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from io import BytesIO

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestLetterRun(CadenceCase):
    """Letters wait for the post, drop out where they are stopped, and count when they leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._publish_policy(
            "letters",
            [
                {
                    "code": "first",
                    "delay_days": 5,
                    "channel": "letter",
                    "spacing_days": 7,
                    "fallback_channel": "email",
                }
            ],
        )

    def _remind(self, *accounts):
        run = self._propose()
        run.action_execute()
        self._work()
        self.assertEqual(run.state, "done")
        letters = self.env["hc.letter.run"].search([("state", "=", "collecting")])
        for account in accounts:
            self.assertEqual(account.contact_ids.letter_run_id, letters)
        return letters

    def _count_pages(self, run):
        return PdfFileReader(BytesIO(run._read_file())).getNumPages()

    def test_a_letter_counts_from_the_day_on_which_it_was_mailed(self):
        account = self._guarantor("L1", days=10)
        run = self._remind(account)
        contact = account.contact_ids
        self.assertEqual((contact.state, contact.attachment_id.raw[:4]), ("queued", b"%PDF"))
        facts = self.env["hc.guardrail.facts"]._load(account)[account.id]
        self.assertEqual((facts.statements_sent, facts.last_statement_on), (0, None))
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"letters_to_mail:{run.id}")])
        self.assertEqual(item.state, "open")
        with self.assertRaisesRegex(UserError, "Print .* first"):
            run._mark_mailed(self.today)
        run.with_user(self.collector).action_print()
        self.assertEqual(run.state, "printed")
        yesterday = self._days_ago(1)
        with self.assertRaisesRegex(UserError, "from then on"):
            run._mark_mailed(yesterday)
        run._write_guarded({"printed_at": run.printed_at - timedelta(days=2)})
        run.with_user(self.collector)._mark_mailed(yesterday)
        self.assertEqual((run.state, contact.state, item.state), ("mailed", "sent", "resolved"))
        self.assertEqual((contact.told_ids.told_on, account.last_level_on), (yesterday, yesterday))
        facts = self.env["hc.guardrail.facts"]._load(account)[account.id]
        self.assertEqual((facts.statements_sent, facts.last_statement_on), (1, yesterday))

    def test_no_level_follows_while_a_letter_waits(self):
        account = self._guarantor("L2", days=90)
        self._remind(account)
        self.env.cr.execute(
            "UPDATE hc_contact SET happened_at = happened_at - interval '60 days'"
            " WHERE account_id = %s",
            [account.id],
        )
        self.env.invalidate_all()
        row = self._propose().proposal_ids.filtered(lambda each: each.account_id == account)
        self.assertEqual(row.reason, "waiting")

    def test_what_is_stopped_before_printing_drops_out_with_its_reason(self):
        kept, held, paid = (self._guarantor(f"L{number}", days=10) for number in (3, 4, 5))
        run = self._remind(kept, held, paid)
        self.env["hc.collection.hold"]._place(held, "bankruptcy", "chapter 7")
        self._owe([(paid.patient_id, [(-200.0, 0)])])
        run.action_print()
        self.assertEqual(run._get_letters(), kept.contact_ids)
        self.assertEqual((run.letter_count, run.dropped_count), (1, 2))
        self.assertIn("hold", held.contact_ids.error)
        self.assertIn("nothing is open", paid.contact_ids.error)
        self.assertEqual(self._count_pages(run), 1)
        # The level did not go out: it comes again when the hold is gone.
        self.assertFalse(held.cadence_level_id)
        self.assertFalse(held.contact_ids.told_ids)

    def test_what_is_stopped_after_printing_is_named_before_mailing(self):
        kept, held = (self._guarantor(f"L{number}", days=10) for number in (6, 7))
        run = self._remind(kept, held)
        run.action_print()
        self.env["hc.collection.hold"]._place(held, "cease", "asked us to stop")
        action = run.with_user(self.collector).action_open_mailed()
        wizard = self.env["hc.letter.run.wizard"].browse(action["res_id"])
        self.assertEqual(wizard.dropped_ids, held.contact_ids)
        wizard.with_user(self.collector).action_confirm()
        self.assertEqual((kept.contact_ids.state, held.contact_ids.state), ("sent", "cancelled"))

    def test_a_letter_tells_what_is_owed_when_it_is_printed(self):
        account = self._guarantor("L8", days=10)
        run = self._remind(account)
        before = account.contact_ids.checksum
        self._owe([(account.patient_id, [(-50.0, 0)])])
        self._reconcile(account)
        run.action_print()
        contact = account.contact_ids
        self.assertEqual(contact.amount_told, 150.0)
        self.assertIn("150", contact.body)
        self.assertNotEqual(contact.checksum, before)

    def _reconcile(self, account):
        self.env["account.move.line"].search(
            [
                ("partner_id", "=", account.partner_id.id),
                ("account_type", "=", "asset_receivable"),
            ]
        ).reconcile()

    def test_an_address_that_the_post_rejects_is_not_used_again(self):
        account = self._guarantor("L9", days=10)
        self._remind(account)
        self._mail_letters()
        account.contact_ids.with_user(self.collector).action_mail_returned()
        self.assertEqual(account.contact_ids.state, "failed")
        self.assertEqual(account.mail_returned_on, self.today)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"mail_returned:{account.id}")])
        self.assertEqual(item.state, "open")
        self._owe([(account.patient_id, [(75.0, 6)])])
        account._write_guarded({"last_level_on": self._days_ago(30)})
        row = self._propose().proposal_ids.filtered(lambda each: each.account_id == account)
        self.assertEqual((row.reason, row.channel), ("due", "email"))

    def test_a_letter_speaks_the_patients_language(self):
        account = self._guarantor("L10", days=10, language="es_US")
        other = self._guarantor("L11", days=10)
        self._remind(account, other)
        self.assertEqual(account.contact_ids.language, "es_419")
        self.assertIn("recordatorio", account.contact_ids.subject)
        self.assertIn("saldo de $", account.contact_ids.body)
        self.assertIn("reminder", other.contact_ids.subject)

    def test_every_word_to_guarantors_is_there_in_spanish(self):
        for name in ("statement", "reminder", "final_notice", "pre_collection"):
            template = self.env.ref(f"hc_collections.mail_template_{name}")
            spanish = template.with_context(lang="es_419")
            for field_name in ("subject", "body_html"):
                with self.subTest(template=name, field=field_name):
                    self.assertNotEqual(spanish[field_name], template[field_name])

    def test_people_of_one_facility_do_not_print_letters_of_another(self):
        account = self._guarantor("L12", days=10)
        account.patient_id.facility_ids = self.other_facility
        run = self._remind(account)
        local = self._create_user("letter.local", "collector", facilities=self.facility)
        with self.assertRaisesRegex(AccessError, "not yours"):
            run.with_user(local).action_print()
        with self.assertRaisesRegex(AccessError, "not yours"):
            run.with_user(local)._mark_mailed(self.today)
        with self.assertRaises(AccessError):
            run.with_user(local).write({"state": "mailed"})
