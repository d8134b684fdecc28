# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .statement_common import StatementCase


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    """A statement says what the ledger says, once, and stays as it was sent."""

    def _assert_adds_up(self, case_or_statement):
        if case_or_statement._name != "hc.statement":
            return super()._assert_adds_up(case_or_statement)
        statement = case_or_statement
        for line in statement.line_ids:
            told = line.amount_charged - line.amount_insurance - line.amount_adjusted
            told -= line.amount_paid + line.amount_insurance_open
            self.assertAlmostEqual(told, line.amount_open, 2)
        self.assertAlmostEqual(
            sum(statement.line_ids.mapped("amount_open")), statement.amount_open, 2
        )
        self.assertAlmostEqual(
            statement.amount_open - statement.amount_credit,
            self._ledger_open(statement.account_id),
            2,
        )
        return None

    def test_a_statement_says_what_the_ledger_says(self):
        case = self._bill_patient("S-1", services=(("V1001", 1.0), ("L2002", 2.0)))
        child = self._create_patient("20S-1C", first_name="Joe", guarantor_id=case.patient_id.id)
        self._bill("S-1C", coverage=self.no_coverage, patient=child)
        account = self._account_of(case)
        self._pay_amount(case, 30.33)
        statement = self._make(account)
        self._assert_adds_up(statement)
        self.assertEqual(statement.amount_due, 349.67)
        self.assertEqual(len(statement.line_ids), 2)
        first = statement.line_ids.filtered(lambda line: line.case_id == case)
        self.assertEqual((first.amount_paid, first.reason), (30.33, "self_pay"))
        self.assertEqual([service["amount"] for service in first.services], ["150.00", "80.00"])
        text = self._read_pdf(statement)
        for words in (
            "Jane Doe",
            "Joe Doe",
            "9 Elm Street",
            "$349.67",
            "Office visit",
            account.name,
        ):
            self.assertIn(words, text)
        self.assertNotIn("Z00.00", text, "diagnoses have no place on a bill")
        self.assertNotIn("V1001", text)

    def test_write_offs_and_credits_are_told(self):
        case = self._bill_patient("S-2")
        account = self._account_of(case)
        action = self._adjust(case, "charity_care", 50.0, "patient")
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        self._overpay(case, 20.0)
        statement = self._make(account)
        self._assert_adds_up(statement)
        self.assertEqual(statement.line_ids.amount_adjusted, 50.0)
        self.assertEqual((statement.amount_credit, statement.amount_due), (20.0, 80.0))

    def test_issued_is_frozen(self):
        statement = self._make(self._account_of(self._bill_patient("S-3")))
        content = statement._read_letter()
        self.assertEqual(hashlib.sha256(content).hexdigest(), statement.checksum)
        logged = self.env["hc.transition"].search(
            [("res_model", "=", "hc.statement"), ("res_id", "=", statement.id)], order="id desc"
        )[:1]
        self.assertEqual(logged.to_state, "issued")
        self.assertIn(statement.checksum, str(logged.facts))
        self.assertEqual(content, statement._render_letter(), "the same bytes each time")
        clerk = self.collector
        clerk.group_ids += self.env.ref("hc_revenue_base.group_hc_phi")
        for vals in (
            {"checksum": "0"},
            {"amount_due": 1.0},
            {"state": "void"},
            {"access_token": "x"},
        ):
            with self.subTest(vals=vals), self._refused("directly|access|state"):
                statement.with_user(clerk).with_context(hc_force=True).write(vals)
        attachment = statement.sudo().attachment_id.with_user(clerk)
        with self.assertRaises(AccessError):
            attachment.write({"raw": b"forged"})
        with self.assertRaises(AccessError):
            attachment.unlink()
        statement.sudo().attachment_id.raw = b"changed behind our back"
        with self._refused("not the one that was issued"):
            statement._read_letter()

    def test_an_account_gets_one_statement_for_a_period(self):
        account = self._account_of(self._bill_patient("S-4"))
        statement = self._make(account)
        self.assertEqual(self._make(account, minimum=0.0, days=0), "known")
        statement.action_void()
        again = self._make(account)
        self.assertNotEqual(again, statement)
        self.assertEqual(statement.contact_id.state, "cancelled")
        with self._refused("gets no statement"):
            account.action_send_statement()

    def test_a_contact_is_recorded_and_follows_the_letter(self):
        case = self._bill_patient("S-5")
        statement = self._make(self._account_of(case))
        contact = statement.contact_id
        self.assertEqual(
            (contact.channel, contact.purpose, contact.state), ("letter", "statement", "queued")
        )
        self.assertEqual(contact.checksum, statement.checksum)
        self.assertTrue(statement.line_ids.is_first)
        statement.action_mark_sent()
        self.assertEqual((statement.sent_on, contact.state), (self.today, "sent"))

    def test_nothing_is_issued_under_a_hold(self):
        account = self._account_of(self._bill_patient("S-6"))
        holds = self.env["hc.collection.hold"]
        for kind in ("cease", "bankruptcy", "deceased", "assistance", "plan"):
            with self.subTest(kind=kind):
                hold = holds._place(account, kind, "says so")
                self.assertEqual(self._make(account), "held")
                hold._release("over")
        drafted, _skipped = self.env["hc.statement"]._make(account, self.today)
        holds._place(account, "cease", "came in between")
        with self._refused("a hold stops contact"):
            drafted._issue()

    def test_only_the_disputed_part_is_left_out(self):
        case = self._bill_patient("S-7")
        account = self._account_of(case)
        self.env["hc.collection.hold"]._place(account, "dispute", "twice", cases=case, amount=60.0)
        statement = self._make(account)
        self.assertEqual((statement.amount_open, statement.amount_disputed), (150.0, 60.0))
        self.assertEqual(statement.amount_due, 90.0)
        text = self._read_pdf(statement)
        self.assertIn("In question", text)
        self.assertIn("You asked us to check $60.00", text.replace("\n", " "))

    def test_a_case_under_a_hold_of_its_own_is_not_told(self):
        case = self._bill_patient("S-8")
        other = self._bill(
            "S-8B",
            coverage=self.no_coverage,
            patient=self._create_patient("20S-8B", guarantor_id=case.patient_id.id),
        )
        account = self._account_of(case)
        self.env["hc.collection.hold"]._place(
            account, "insurance", "asked", cases=other, date_to=self.today + timedelta(days=30)
        )
        statement = self._make(account)
        self.assertEqual(statement.line_ids.case_id, case)
        self.assertEqual(statement.amount_due, 150.0)
        self.assertFalse(other.first_statement_on)

    def test_who_gets_none(self):
        payer = self._account_of(self._bill("S-9"), "payer_1")
        self.assertEqual(self._make(payer), "not_patient")
        case = self._bill_patient("S-10")
        account = self._account_of(case)
        self.assertEqual(self._make(account, minimum=150.01), "below_minimum")
        case.patient_id.street = False
        self.assertEqual(self._make(account), "no_address")
        case.patient_id.street = "9 Elm Street"
        hold = self.env["hc.collection.hold"]._place(
            account, "dispute", "all wrong", cases=case, amount=500.0
        )
        self.assertEqual(self._make(account), "disputed")
        hold._release("decided")
        self._pay_amount(case, 150.0)
        self.assertEqual(self._make(account), "nothing_owed")

    def test_mail_that_comes_back_stops_further_letters(self):
        case = self._bill_patient("S-11")
        account = self._account_of(case)
        statement = self._make(account)
        statement.action_mark_sent()
        statement.action_mail_returned()
        self.assertEqual(account.mail_returned_on, self.today)
        self.assertEqual(
            (statement.contact_id.outcome, statement.contact_id.state), ("returned", "failed")
        )
        item = self.env["hc.work.item"].search(
            [("kind", "=", "mail_returned"), ("res_id", "=", account.id)]
        )
        self.assertEqual(item.state, "open")
        statement.action_void()
        self.assertEqual(self._make(account), "no_address")
        account.action_address_corrected()
        self.assertEqual(item.state, "resolved")
        self.assertTrue(self._make(account).exists())

    def test_letters_speak_the_patients_language(self):
        case = self._bill_patient("S-12")
        case.patient_id.language = "es_US"
        statement = self._make(self._account_of(case))
        text = self._read_pdf(statement)
        for words in ("Su cuenta médica", "Pague por favor", "Página 1 de 1", "¿Necesita ayuda"):
            self.assertIn(words, text)
        self.assertNotIn("You owe", text)

    def test_the_code_and_the_link_lead_to_the_bill(self):
        statement = self._make(self._account_of(self._bill_patient("S-13")))
        token = statement.sudo().access_token
        self.assertGreaterEqual(len(token), 22)
        self.assertIn(f"/bill/{token}", self._read_pdf(statement).replace("\n", ""))

    def test_figures_of_a_name_cannot_become_markup(self):
        case = self._bill_patient("S-14")
        case.patient_id.write({"first_name": "<b>A</b>", "last_name": "=SUM(A1)<img src=x>"})
        text = self._read_pdf(self._make(self._account_of(case)))
        self.assertIn("<b>A</b> =SUM(A1)<img src=x>", text.replace("\n", " "))

    def test_statements_of_other_facilities_are_not_seen(self):
        statement = self._make(self._account_of(self._bill_patient("S-15")))
        stranger = self._create_user("s.stranger", "collector", facilities=self.other_facility)
        seen = self.env["hc.statement"].with_user(stranger).search([("id", "=", statement.id)])
        self.assertFalse(seen)
        with self.assertRaises(UserError):
            statement.with_user(stranger)._read_letter()
