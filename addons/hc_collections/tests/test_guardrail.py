# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestGuardrail(CadenceCase):
    """What is not lawful now does not happen, and it says from when on it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["hc.guardrail.rule"]
        cls.checks = cls.env["hc.guardrail.check"]
        cls.noon = datetime.combine(cls.today, time(18))
        cls.night = datetime.combine(cls.today, time(3))

    @contextmanager
    def _at(self, moment):
        """The block happens at a moment, in UTC."""
        with patch.object(type(self.env.cr), "now", lambda _cursor: moment):
            yield

    def _last_check(self, account):
        return self.checks.search([("account_id", "=", account.id)], limit=1)

    def test_the_rules_ship_with_their_sources(self):
        rules = self.rules.search([])
        self.assertLessEqual(
            {"R501-1", "REGF-1", "REGF-2", "TCPA-1", "STATE-1"}, set(rules.mapped("code"))
        )
        self.assertTrue(all(rules.mapped("source")))
        by_code = rules.grouped("code")
        self.assertTrue(by_code["R501-3"].needs_review)
        self.assertFalse(by_code["REGF-1"].needs_review)
        self.assertEqual(by_code["STATE-1"].state_id.code, "CA")

    def test_rules_change_by_two_persons_only(self):
        rule = self.rules.search([("code", "=", "REGF-1")])
        with self.assertRaises(AccessError):
            rule.write({"effect": "warn"})
        with self.assertRaises(ValidationError):
            rule._config_write({"parameters": "calls = many"})
        with self.assertRaises(ValidationError):
            rule._config_write({"parameters": "moons = 3"})

    def test_an_e_mail_at_night_waits_for_the_morning(self):
        self._publish_policy("mails", [{"code": "one", "delay_days": 5, "channel": "email"}])
        account = self._guarantor("G1", timezone="America/Chicago")
        run = self._propose()
        with self._at(self.night):
            run._execute()
            self._work()
            contact = account.contact_ids
            self.assertEqual((contact.state, contact.mail_id.id), ("queued", False))
            check = self.checks.search([("contact_id", "=", contact.id)])
            self.assertEqual((check.outcome, check.rule_code), ("blocked", "REGF-2"))
            self.assertIn("1006.6", check.source)
            self.assertGreater(check.earliest_at, self.night)
        job = self.env["hc.job"].search(
            [("res_model", "=", "hc.contact"), ("state", "=", "pending")], order="id desc", limit=1
        )
        self.assertEqual(job.not_before, check.earliest_at)
        with self._at(job.not_before):
            self._work()
        self.assertEqual(contact.mail_id.state, "outgoing")
        self.assertEqual(
            self.checks.search([("contact_id", "=", contact.id)], limit=1).outcome, "allowed"
        )

    def test_a_text_message_says_until_when_it_is_lawful(self):
        """What hands it on may be down for hours; the law looks at the patient's clock."""
        levels = [{"code": "one", "delay_days": 5, "channel": "sms"}]
        self._publish_policy("texts", levels, {"sms": ("opted_in", 0)})
        account = self._guarantor("G9", timezone="America/Chicago")
        account._record_consent(["sms"], "granted", "front_desk", "form 1")
        run = self._propose()
        with self._at(self.noon):
            run._execute()
            self._work()
        exchange = account.contact_ids.exchange_id.sudo()
        (text,) = json.loads(exchange.payload_attachment_id.raw)["messages"]
        closes = datetime.combine(self.noon.date(), time(21), ZoneInfo("America/Chicago"))
        self.assertEqual(datetime.fromisoformat(text["not_after"]), closes)

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_refused_attempt")
    def test_a_call_at_night_is_refused_with_rule_source_and_time(self):
        self._publish_policy("calls", [{"code": "one", "delay_days": 5, "channel": "call"}])
        account = self._guarantor("G2", timezone="America/Chicago")
        run = self._propose()
        with self._at(self.night):
            run._execute()
            self._work()
            contact = account.contact_ids.with_user(self.collector)
            self.assertEqual(contact.state, "due")
            with self.assertRaisesRegex(AccessError, r"(?s)REGF-2.*1006\.6.*Lawful from"):
                contact.action_make_call()
            account.invalidate_recordset()
            self.assertIn("08:00", account.call_advice)
            notice = account.with_user(self.collector).action_check_call()
            self.assertEqual(notice["params"]["type"], "danger")
        hold = self.env["hc.collection.hold"]._place(account, "cease", "asked us to stop")
        with self._at(self.noon):
            with self.assertRaisesRegex(UserError, "No call to"):
                contact.action_make_call()
            hold._release("wrote to us again")
            contact.action_make_call()
            self.assertEqual(contact.state, "done")
            with self.assertRaisesRegex(UserError, "no call that is to be made"):
                contact.action_make_call()

    def test_the_eighth_call_in_seven_days_is_refused(self):
        account = self._guarantor("G3", timezone="America/Chicago")
        for number in range(7):
            self._record_past_contact(
                account, "call", number, f"call:{number}", outcome="no_answer"
            )
        with self._at(self.noon):
            assessment = account._check_act("call")[account.id]
        self.assertEqual([each.rule for each in assessment.blocking], ["REGF-1"])
        check = self._last_check(account)
        self.assertEqual(check.earliest_on, self._days_ago(6) + timedelta(days=7))
        self.assertTrue(check.source)

    def test_no_call_for_a_week_after_a_conversation(self):
        account = self._guarantor("G4", timezone="America/Chicago")
        self._record_past_contact(account, "call", 2, outcome="reached")
        with self._at(self.noon):
            account._check_act("call")
        self.assertEqual(
            self._last_check(account).earliest_on, self._days_ago(2) + timedelta(days=7)
        )

    def test_where_the_zone_is_unknown_all_clocks_count(self):
        account = self._guarantor("G5", state_id=False)
        with self._at(datetime(2026, 7, 1, 14)):
            assessment = account._assess("call")[account.id]
            self.assertFalse(assessment.is_allowed)
            # Eight in Honolulu.
            self.assertEqual(assessment.earliest.hour, 18)
        account.patient_id.timezone = "America/New_York"
        with self._at(datetime(2026, 7, 1, 14)):
            self.assertTrue(account._assess("call")[account.id].is_allowed)

    def test_the_clock_on_the_wall_counts_when_it_changes(self):
        account = self._guarantor("G6", timezone="America/New_York")
        for moment, opens in (
            # Eight in the morning is 13:00 UTC in winter, 12:00 UTC in summer.
            (datetime(2026, 3, 7, 12, 30), 13),
            (datetime(2026, 3, 8, 11, 30), 12),
            (datetime(2026, 10, 31, 11, 30), 12),
            (datetime(2026, 11, 1, 12, 30), 13),
        ):
            with self.subTest(moment=moment), self._at(moment):
                self.assertEqual(account._assess("call")[account.id].earliest.hour, opens)

    def test_extraordinary_action_waits_for_the_first_statement(self):
        account = self._guarantor("G7")
        with self._at(self.noon):
            assessment = account._check_act("lawsuit")[account.id]
        self.assertFalse(assessment.is_allowed)
        self.assertIsNone(assessment.earliest)
        words = " ".join(each.words for each in assessment.blocking)
        self.assertIn("No first statement", words)

    def test_a_stop_is_honored_before_anybody_reads_it(self):
        self._publish_policy(
            "mails",
            [{"code": "one", "delay_days": 5, "channel": "email"}],
            {"email": ("unless_opted_out", 0)},
        )
        account = self._guarantor("G8", timezone="America/Chicago")
        run = self._propose()
        run._transition("executing")
        contact = run.proposal_ids._record_contacts()
        reply = self._answer(account, "Please STOP!")
        self.assertEqual(reply.state, "done")
        consent = account.consent_ids
        self.assertEqual((consent.channel, consent.verdict), ("email", "revoked"))
        self.assertEqual((consent.source, consent.contact_id), ("message", reply))
        self.assertGreater(consent.honored_by, self.today)
        with self._at(self.noon):
            contact._job_deliver()
        self.assertEqual((contact.state, contact.mail_id.id), ("cancelled", False))
        run._transition("cancelled")
        self.assertEqual(self._propose().proposal_ids.reason, "no_consent")

    def test_a_doubtful_answer_holds_until_it_is_read(self):
        account = self._guarantor("G9", timezone="America/Chicago")
        reply = self._answer(account, "Can I cancel my visit on Friday?")
        self.assertFalse(account.consent_ids)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"contact_reply:{reply.id}")])
        self.assertEqual(item.severity, "error")
        with self._at(self.noon):
            blocked = account._assess("email")[account.id].blocking
            self.assertEqual([each.rule for each in blocked], ["TCPA-3"])
            item._resolve("fixed")
            self.assertTrue(account._assess("email")[account.id].is_allowed)

    def _answer(self, account, text):
        return self.contacts._record(
            [
                {
                    "account_id": account.id,
                    "key": f"answer:{text[:8]}",
                    "direction": "in",
                    "channel": "email",
                    "purpose": "other",
                    "body": text,
                }
            ]
        )

    def test_consents_are_kept_for_good_and_the_last_one_counts(self):
        account = self._guarantor("G10")
        wizards = self.env["hc.contact.consent.wizard"].with_user(self.collector)
        action = account.with_user(self.collector).action_open_consent_wizard()
        for verdict in ("granted", "revoked", "granted", "granted"):
            wizards.with_context(**action["context"]).create(
                {"channel": "sms", "verdict": verdict, "source": "call", "evidence": "by telephone"}
            ).action_confirm()
        self.assertEqual(account.consent_ids.mapped("verdict"), ["granted", "revoked", "granted"])
        self.assertIn("Text Message: agreed", account.consent_summary)
        for change in (lambda row: row.write({"verdict": "revoked"}), lambda row: row.unlink()):
            with self.assertRaises(AccessError):
                change(account.consent_ids[:1].sudo())

    def test_checks_cannot_be_changed(self):
        account = self._guarantor("G11")
        account._check_act("letter")
        with self.assertRaises(AccessError):
            self._last_check(account).sudo().write({"outcome": "allowed"})
