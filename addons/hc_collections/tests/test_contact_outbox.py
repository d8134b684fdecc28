# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from io import BytesIO

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestContactOutbox(CadenceCase):
    """What was handed over stops when its reason is gone, and what did not arrive told nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Hours are another class's subject.
        cls.env["hc.guardrail.rule"].search([("code", "=", "REGF-2")])._config_write(
            {"active": False}
        )

    def _publish(self, channel, **vals):
        level = {"code": "one", "delay_days": 5, "channel": channel, "spacing_days": 7, **vals}
        return self._publish_policy(f"{channel}s", [level])

    def _remind(self, *accounts):
        run = self._propose()
        run.action_execute()
        self._work()
        self.assertEqual(run.state, "done")
        return [account.contact_ids for account in accounts]

    def _row(self, account):
        run = self._propose()
        row = run.proposal_ids.filtered(lambda each: each.account_id == account)
        run._transition("cancelled")
        return row

    def _assert_withdrawn(self, contact, mail):
        self.assertEqual((contact.state, mail.state), ("cancelled", "cancel"))
        self.assertFalse(contact.told_ids or contact.account_id.cadence_level_id)

    def test_a_hold_stops_the_e_mail_in_the_queue(self):
        self._publish("email")
        held, free = self._guarantor("O1"), self._guarantor("O2")
        contact, other = self._remind(held, free)
        mail = contact.mail_id
        self.env["hc.collection.hold"]._place(held, "bankruptcy", "chapter 7")
        self._assert_withdrawn(contact, mail)
        self.assertEqual((other.state, other.mail_id.state), ("queued", "outgoing"))

    def test_an_opt_out_stops_the_e_mail_in_the_queue(self):
        self._publish("email")
        account = self._guarantor("O3")
        (contact,) = self._remind(account)
        mail = contact.mail_id
        account._record_consent(["sms"], "revoked", "front_desk", "form")
        self.assertEqual((contact.state, mail.state), ("queued", "outgoing"))
        account._record_consent(["email"], "revoked", "front_desk", "form")
        self._assert_withdrawn(contact, mail)

    def test_an_e_mail_is_asked_again_before_another_try(self):
        self._publish("email")
        account, other = self._guarantor("O4"), self._guarantor("O5")
        contact, kept = self._remind(account, other)
        mail = contact.mail_id
        (mail | kept.mail_id).write({"state": "exception", "failure_reason": "no route"})
        self._owe([(account.patient_id, [(-200.0, 0)])])
        (contact | kept)._follow_up_mails()
        self._assert_withdrawn(contact, mail)
        self.assertEqual((kept.mail_id.state, kept.attempts), ("outgoing", 1))

    def test_a_level_that_failed_told_nobody(self):
        self._publish("email")
        account = self._guarantor("O6")
        (contact,) = self._remind(account)
        self.assertTrue(contact.told_ids and account.cadence_level_id)
        contact._write_guarded({"attempts": 5})
        contact.mail_id.write({"state": "exception", "failure_reason": "mailbox unknown"})
        contact._follow_up_mails()
        self.assertEqual((contact.state, contact.proposal_ids.reason), ("failed", "undelivered"))
        self.assertFalse(contact.told_ids or account.cadence_level_id)
        row = self._row(account)
        self.assertEqual((row.level_id.code, row.reason), ("one", "not_due"), "not every day")
        account._write_guarded({"last_level_on": self._days_ago(8)})
        again = self._remind(account)[0] - contact
        self.assertEqual((again.level_id, again.state), (contact.level_id, "queued"))

    def test_a_final_notice_that_came_back_lets_nobody_be_placed(self):
        self._publish("letter", is_final=True)
        account = self._guarantor("O7")
        (contact,) = self._remind(account)
        self._mail_letters()
        self.assertEqual(account.state, "pre_collections")
        contact.with_user(self.collector).action_mail_returned()
        self.assertEqual((contact.state, account.state), ("failed", "active"))
        self.assertEqual(account.mail_returned_on, self.today)

    def test_a_letter_that_the_law_stops_at_the_printer_leaves_the_run(self):
        self._publish("letter", fallback_channel="email")
        account, other = self._guarantor("O8"), self._guarantor("O9")
        contact, kept = self._remind(account, other)
        run = contact.letter_run_id
        self.assertEqual(kept.letter_run_id, run)
        self._forbid_letters(account)
        run.action_print()
        self.assertEqual((contact.state, contact.channel), ("queued", "email"))
        self.assertFalse(contact.letter_run_id or contact.attachment_id or contact.checksum)
        self.assertEqual(run._get_letters(), kept)
        self.assertEqual(PdfFileReader(BytesIO(run._read_file())).getNumPages(), 1)
        self._work()
        self.assertEqual(contact.mail_id.state, "outgoing")
        run._mark_mailed(self.today)
        self.assertEqual((kept.state, contact.state), ("sent", "queued"))

    def _forbid_letters(self, account):
        rules = self.env["hc.guardrail.rule"].search([("code", "=", "STMT-2")])
        rules._config_write({"effect": "block"})
        self._record_past_contact(account, "letter", 1, "past", purpose="statement")

    def test_a_printed_letter_that_the_law_stops_is_named_to_be_taken_out(self):
        self._publish("letter", fallback_channel="email")
        account, other = self._guarantor("O16"), self._guarantor("O17")
        contact, kept = self._remind(account, other)
        run = contact.letter_run_id
        run.action_print()
        self._forbid_letters(account)
        action = run.with_user(self.collector).action_open_mailed()
        wizard = self.env["hc.letter.run.wizard"].browse(action["res_id"])
        self.assertEqual((wizard.dropped_ids, wizard.letter_count), (contact, 1))
        self.assertEqual((contact.state, contact.channel), ("cancelled", "letter"))
        self.assertEqual(kept.state, "queued")

    def test_a_letter_collected_while_others_were_printed_waits_for_the_next_run(self):
        self._publish("letter")
        (printed,) = self._remind(self._guarantor("O10"))
        run = printed.letter_run_id
        run.action_print()
        (late,) = self._remind(self._guarantor("O11"))
        self.assertNotEqual(late.letter_run_id, run)
        # As a delivery leaves it that ended between the look at the run and its file.
        late._write_guarded({"letter_run_id": run.id})
        self.assertEqual(PdfFileReader(BytesIO(run._read_file())).getNumPages(), 1)
        run._mark_mailed(self.today)
        self.assertEqual((printed.state, late.state), ("sent", "queued"))
        self.assertEqual((run.state, late.letter_run_id.state), ("mailed", "collecting"))

    def test_a_run_that_was_printed_collects_no_more(self):
        self._publish("letter")
        (contact,) = self._remind(self._guarantor("O12"))
        run = contact.letter_run_id
        self.assertTrue(run._keep_collecting())
        run.action_print()
        self.assertFalse(run._keep_collecting())

    def test_a_text_message_that_no_gateway_takes_becomes_work(self):
        self._publish("sms")
        (contact,) = self._remind(self._guarantor("O13"))
        exchange = contact.exchange_id
        self._follow_up()
        self.assertEqual((contact.state, exchange.state), ("queued", "processing"))
        exchange.flush_recordset()
        self.env.cr.execute(
            "UPDATE hc_exchange SET create_date = create_date - interval '25 hours' WHERE id = %s",
            [exchange.id],
        )
        self.env.invalidate_all()
        self._follow_up()
        self.assertEqual((contact.state, exchange.state), ("failed", "failed"))
        self.assertFalse(contact.told_ids or contact.account_id.cadence_level_id)
        key = f"contact_failed:{contact.id}"
        self.assertTrue(self.env["hc.work.item"].search([("dedup_key", "=", key)]))
        with self.assertRaises(UserError):
            exchange._finish_sending()

    def _follow_up(self):
        with self.enter_registry_test_mode():
            self.env.ref("hc_collections.ir_cron_follow_up_mails").method_direct_trigger()
        self.env.invalidate_all()

    def test_whoever_wants_no_letters_is_not_proposed_any(self):
        self._publish("letter")
        account = self._guarantor("O14")
        account._record_consent(["letter"], "revoked", "front_desk", "form")
        self.assertEqual(self._row(account).reason, "no_consent")

    def test_the_portal_reaches_those_who_were_let_in(self):
        self._publish("portal", purpose="statement")
        account = self._guarantor("O15")
        self.env["res.users"].with_context(no_reset_password=True).create(
            {"name": "R", "login": "outbox.reader", "partner_id": account.partner_id.id}
        )
        self.assertEqual(self._row(account).reason, "unreachable", "a login is no access")
        self.env["hc.portal.access"]._create_guarded(
            [{"account_id": account.id, "email": "reader@example.com", "state": "active"}]
        )
        self.assertEqual(self._row(account).reason, "due")

    def test_no_policy_leaves_reminders_to_the_portal(self):
        policy = self._publish("portal", purpose="reminder", fallback_channel="letter")
        self.assertIn("statements only", " ".join(policy._get_objections()))
        policy = self._publish("portal", purpose="statement")
        self.assertNotIn("statements only", " ".join(policy._get_objections()))
