# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cadence_common import CadenceCase
from .collections_common import CollectionsCase
from .test_portal import PortalCase

_REFUSALS = "odoo.addons.hc_revenue_base.models.hc_refused_attempt"


@tagged("post_install", "-at_install")
class TestGuardrailLedger(CollectionsCase):
    """Statements and write-offs ask the guardrails, and leave a trace."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("U-1")
        self.account = self._account_of(self.case)

    def _last_check(self, act):
        return self.env["hc.guardrail.check"].search(
            [("account_id", "=", self.account.id), ("act", "=", act)], limit=1
        )

    def _answer(self):
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "answer",
                    "direction": "in",
                    "channel": "letter",
                    "purpose": "other",
                    "body": "hello",
                }
            ]
        )

    def _make_unlawful(self):
        """The patient was granted assistance, and nobody knows what is generally billed."""
        self.env["hc.assistance.policy"].search([("active", "=", True)])._config_write(
            {"generally_billed_percent": 0.0}
        )
        application = self.env["hc.assistance.application"]._create_guarded(
            [
                {
                    "name": "FA-U",
                    "account_id": self.account.id,
                    "applied_on": self.today,
                    "owner_id": self.env.uid,
                    "policy_id": self.env["hc.assistance.policy"].search([], limit=1).id,
                }
            ]
        )
        self.env["hc.assistance.case"]._create_guarded(
            [{"application_id": application.id, "case_id": self.case.id, "amount_left": 150.0}]
        )
        application._write_guarded({"outcome": "granted"})
        application._move("decided", "state", "for this story", None, None)

    @mute_logger(_REFUSALS)
    def test_a_statement_that_is_not_lawful_is_left_out(self):
        _figures, reasons = self.env["hc.statement"]._classify(self.account, self.today)
        self.assertNotEqual(reasons[self.account.id], "guardrail")
        self._make_unlawful()
        self.account.patient_id.sudo().write({"street": "1 Road", "city": "Town", "zip": "62701"})
        _figures, reasons = self.env["hc.statement"]._classify(self.account, self.today)
        self.assertEqual(reasons[self.account.id], "guardrail")
        check = self._last_check("statement")
        self.assertEqual((check.outcome, check.rule_code), ("blocked", "R501-6"))
        with self.assertRaisesRegex(AccessError, "R501-6.*501\\(r\\)\\(5\\)"):
            self.account.with_user(self.collector).action_send_statement()

    def test_bad_debt_within_the_application_period_warns(self):
        self.case.sudo()._write_guarded({"first_statement_on": self._days_ago(30)})
        self._write_off()
        check = self._last_check("bad_debt_write_off")
        self.assertEqual((check.outcome, check.rule_code), ("warned", "R501-2-WRITE-OFF"))
        self.assertTrue(check.earliest_on)

    @mute_logger(_REFUSALS)
    def test_bad_debt_of_medicare_waits_120_days(self):
        self.payer.payer_type = "medicare"
        self.case.sudo()._write_guarded(
            {"payer_id": self.payer.id, "first_statement_on": self._days_ago(119)}
        )
        with self.assertRaisesRegex(AccessError, "(?s)MCR-3.*413.89.*Lawful from"):
            self._write_off()
        self.case.sudo()._write_guarded({"first_statement_on": self._days_ago(120)})
        self._write_off()

    def _write_off(self):
        return self.case.with_user(self.manager)._request_adjustment(
            "bad_debt",
            "patient",
            20.0,
            idempotency_key=f"bad:{self.case.first_statement_on}",
            justification="Nobody has answered for a year.",
            evidence=[{"evidence_type": "justification", "text": "Nobody has answered."}],
            reason_code_id=self._reason("write_off").id,
        )


@tagged("post_install", "-at_install")
class TestGuardrailNotices(PortalCase):
    """The e-mail about a statement in the portal keeps the hours of e-mails."""

    def test_at_night_it_waits_for_the_morning(self):
        self.account.patient_id.sudo().timezone = "America/Chicago"
        mails = self.env["mail.mail"].sudo()
        for hour, waits in ((3, True), (18, False)):
            moment = datetime.combine(self.today, time(hour))
            before = mails.search([("id", "!=", 0)])
            with patch.object(type(self.env.cr), "now", lambda _cursor, at=moment: at):
                self.statement._notify_portal()
            mail = mails.search([("id", "!=", 0)]) - before
            self.assertEqual(len(mail), 1)
            self.assertEqual(bool(mail.scheduled_date), waits)
            if waits:
                self.assertGreater(mail.scheduled_date, moment)


@tagged("post_install", "-at_install")
class TestGuardrailChannels(CadenceCase):
    """Which channels may be used now, for many accounts at once."""

    def test_channels_of_many_accounts(self):
        accounts = self._guarantor("C1", timezone="America/Chicago")
        accounts |= self._guarantor("C2", timezone="America/Chicago")
        for number in range(7):
            self._record_past_contact(accounts[0], "call", number, f"c:{number}")
        with patch.object(
            type(self.env.cr), "now", lambda _cursor: datetime.combine(self.today, time(18))
        ):
            found = accounts._assess_channels(("letter", "email", "call"))
        self.assertEqual(set(found), set(accounts.ids))
        allowed = {
            account_id: {channel for channel, each in channels.items() if each.is_allowed}
            for account_id, channels in found.items()
        }
        self.assertEqual(allowed[accounts[0].id], {"letter", "email"})
        self.assertEqual(allowed[accounts[1].id], {"letter", "email", "call"})
        self.assertTrue(found[accounts[0].id]["call"].earliest)

    def test_facts_of_many_accounts_ask_as_often_as_of_one(self):
        one = self._guarantor("C3")
        facts = self.env["hc.guardrail.facts"]
        facts._load(one)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        facts._load(one)
        single = self.env.cr.sql_log_count - before
        many = one
        for number in range(12):
            many |= self._guarantor(f"C4{number}")
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        facts._load(many)
        self.assertLessEqual(self.env.cr.sql_log_count - before, single + 2)
