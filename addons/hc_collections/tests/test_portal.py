# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import re

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .statement_common import StatementCase

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


class PortalCase(StatementCase, HttpCase):
    """Two guarantors: one signs in, and the other one's bills are nobody else's business."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("setUp")
        cls.case = maker._bill_patient("W-1")
        cls.account = maker._account_of(cls.case)
        cls.other_account = maker._account_of(maker._bill_patient("W-2"))
        cls.statement = maker._make(cls.account)
        cls.other_statement = maker._make(cls.other_account)
        cls.user = new_test_user(cls.env, "w.patient", groups="base.group_portal")
        cls.access = cls.env["hc.portal.access"]._create_guarded(
            [{"account_id": cls.account.id, "email": "w@example.org"}]
        )
        cls.access._accept(cls.user)

    def _url(self, path="", account=None):
        return f"/my/health-bills/{(account or self.account).id}{path}"

    def _post(self, path, data=None, **options):
        data = {**(data or {}), "csrf_token": http.Request.csrf_token(self)}
        return self.url_open(path, data=data, **options)

    def _call(self, path, **params):
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.url_open(
            path, data=json.dumps(body), headers={"Content-Type": "application/json"}
        )
        return answer.json()


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    """Guarantors see their own bills and nothing else, whatever they type."""

    def test_the_bills_of_the_person(self):
        self.authenticate("w.patient", "w.patient")
        page = self.url_open("/my/health-bills").text
        for words in ("$150.00", self.statement.name, "Visit on March 2, 2026"):
            self.assertIn(words, page)
        self.assertNotIn(self.other_statement.name, page)
        page = self.url_open(self._url(f"/statements/{self.statement.id}"))
        self.assertIn("Office visit", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        answer = self.url_open(self._url(f"/statements/{self.statement.id}.pdf"))
        self.assertEqual(answer.content, self.statement._read_letter())
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")

    def test_nothing_of_others_is_there(self):
        self.authenticate("w.patient", "w.patient")
        theirs, number = self.other_account, self.other_statement.id
        for path in (
            self._url("/pay", theirs),
            self._url("/ask/plan", theirs),
            self._url("/documents", theirs),
            self._url(f"/statements/{number}", theirs),
            self._url(f"/statements/{number}.pdf", theirs),
            self._url(f"/statements/{number}"),
            self._url(f"/statements/{number}.pdf"),
            self._url("/statements/999999999.pdf"),
            self._url("/ask/anything"),
            f"/revenue/statements/{self.statement.id}.pdf",
            "/bill/not-a-token",
            "/bill/" + "x" * 200,
            "/my/health-bills/join/not-a-token",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path).status_code, 404)
        for path in (self._url("/ask/plan", theirs), self._url("/documents", theirs)):
            with self.subTest(path=path):
                self.assertEqual(self._post(path, {"amount": "5"}).status_code, 404)
        answer = self._call(self._url("/transaction", theirs), amount=1.0, access_token="x")
        self.assertIn("404", json.dumps(answer["error"]))

    def test_drafts_and_void_bills_are_not_shown(self):
        self.authenticate("w.patient", "w.patient")
        self.statement.action_void()
        self.assertEqual(
            self.url_open(self._url(f"/statements/{self.statement.id}")).status_code, 404
        )
        token = self.statement.sudo().access_token
        self.assertEqual(self.url_open(f"/bill/{token}").status_code, 404)
        self.assertNotIn(self.statement.name, self.url_open("/my/health-bills").text)

    def test_who_is_not_signed_in_sees_nothing(self):
        for path in ("/my/health-bills", self._url("/pay"), self._url("/ask/plan")):
            with self.subTest(path=path):
                self.assertIn("/web/login", self.url_open(path).url)

    def test_taken_away_access_ends_at_once(self):
        self.authenticate("w.patient", "w.patient")
        self.access.with_user(self.collector).action_revoke()
        self.assertEqual(self.url_open(self._url("/pay")).status_code, 404)
        self.assertNotIn("$150.00", self.url_open("/my/health-bills").text)

    @mute_logger("odoo.http")
    def test_models_are_closed_to_portal_users(self):
        self.authenticate("w.patient", "w.patient")
        for model in (
            "hc.statement",
            "hc.statement.line",
            "hc.portal.access",
            "hc.collection.account",
            "hc.contact",
        ):
            with self.subTest(model=model):
                answer = self._call(
                    f"/web/dataset/call_kw/{model}/search_read",
                    model=model,
                    method="search_read",
                    args=[[]],
                    kwargs={"fields": ["id"]},
                )
                self.assertIn("AccessError", json.dumps(answer.get("error", {})))
        attachment = self.statement.sudo().attachment_id
        self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)

    def test_a_printed_link_tells_the_amount_and_no_visit(self):
        token = self.statement.sudo().access_token
        answer = self.url_open(f"/bill/{token}")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("$150.00", answer.text)
        for words in ("Doe", "Office visit", "March", "Riverside"):
            self.assertNotIn(words, answer.text)

    def test_requests_become_contacts_and_work(self):
        self.authenticate("w.patient", "w.patient")
        self._post(self._url("/ask/plan"), {"amount": "25", "message": "25 a month, <b>please</b>"})
        dispute = {"case_id": self.case.id, "amount": "40", "message": "I was not there"}
        self._post(self._url("/ask/dispute"), dispute)
        self._post(self._url("/ask/assistance"), {"message": "I lost my job"})
        contacts = self.account.contact_ids.filtered(lambda one: one.direction == "in")
        self.assertEqual(set(contacts.mapped("purpose")), {"plan", "dispute", "assistance"})
        self.assertEqual(set(contacts.mapped("state")), {"done"})
        self.assertEqual(contacts.user_id, self.user)
        self.assertNotIn("<b>please", contacts.filtered(lambda c: c.purpose == "plan").body)
        items = self.env["hc.work.item"].search(
            [("kind", "=", "portal_request"), ("res_id", "in", contacts.ids)]
        )
        self.assertEqual(set(items.mapped("queue_id.code")), {"financial_counseling"})
        application = self.account.assistance_ids
        self.assertEqual((application.state, application.applied_on), ("received", self.today))
        held = self.account.hold_ids.filtered(lambda one: one.state == "active")
        self.assertEqual(set(held.mapped("kind")), {"dispute", "assistance"})
        asked = contacts.filtered(lambda one: one.purpose == "assistance")
        self.assertIn("I lost my job", asked.body)

    def test_what_is_disputed_in_the_portal_is_held_at_once(self):
        self.authenticate("w.patient", "w.patient")
        dispute = {"case_id": self.case.id, "amount": "40", "message": "I was not there"}
        self._post(self._url("/ask/dispute"), dispute)
        found = self.account.dispute_ids
        self.assertEqual(
            (found.state, found.amount_disputed, found.channel), ("open", 40.0, "portal")
        )
        self.assertEqual(found.description, "I was not there")
        self.assertEqual(found.create_uid, self.user)
        hold = self.account.hold_ids.filtered(lambda one: one.state == "active")
        self.assertEqual((hold.kind, hold.amount, hold.case_ids), ("dispute", 40.0, self.case))
        page = self.url_open("/my/health-bills").text
        self.assertIn("$110.00", page, "nobody is asked for what they dispute")
        self.assertIn("In question (do not pay this now)", page)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"dispute:{found.id}")])
        self.assertNotEqual(item.assignee_id, self.user)

    def test_odd_requests_are_refused_in_words(self):
        self.authenticate("w.patient", "w.patient")
        for path, data, words in (
            ("/ask/plan", {"amount": "-1"}, "Please enter an amount"),
            ("/ask/plan", {"amount": "nan"}, "Please enter an amount"),
            ("/ask/plan", {"amount": "1e99"}, "Please enter an amount"),
            ("/ask/dispute", {"case_id": self.case.id, "amount": "151", "message": "x"}, "Please"),
            ("/ask/dispute", {"case_id": self.case.id, "amount": "1", "message": " "}, "few words"),
        ):
            with self.subTest(data=data):
                self.assertIn(words, self._post(self._url(path), data).text)
        other = self.other_account.item_ids.hc_case_id
        data = {"case_id": other.id, "amount": "1", "message": "x"}
        self.assertEqual(self._post(self._url("/ask/dispute"), data).status_code, 404)
        self.assertFalse(self.account.contact_ids.filtered(lambda one: one.direction == "in"))

    def test_a_day_has_an_end(self):
        self.authenticate("w.patient", "w.patient")
        for _time in range(12):
            answer = self._post(self._url("/ask/assistance"), {"message": "again"})
        self.assertIn("sent us a lot today", answer.text)
        contacts = self.account.contact_ids.filtered(lambda one: one.direction == "in")
        self.assertEqual(len(contacts), 10)

    def test_papers_of_known_kinds_are_kept(self):
        self.authenticate("w.patient", "w.patient")
        files = {"upload": ("../../etc/pay.png", PNG, "image/png")}
        answer = self._post(self._url("/documents"), {"message": "pay stub"}, files=files)
        self.assertIn("We got it", answer.text)
        document = self.case.patient_id.document_ids.filtered(
            lambda one: one.name.startswith("From the portal")
        )
        self.assertEqual(document.attachment_ids.raw, PNG)
        self.assertEqual(document.attachment_ids.name, f"{self.account.name}.png")
        for content in (b"", b"<svg onload=alert(1)>", b"MZ\x90", PNG + b"0" * 10 * 1024 * 1024):
            with self.subTest(size=len(content)):
                files = {"upload": ("pay.png", content, "image/png")}
                answer = self._post(self._url("/documents"), files=files)
                self.assertIn("could not take this file", answer.text)


@tagged("post_install", "-at_install")
class TestPortalInvitation(PortalCase):
    """The way in: a link, once, and the date of birth."""

    def _invite(self):
        self.other_account.patient_id.email = "new.patient@example.org"
        access = self.env["hc.portal.access"]._invite(self.other_account)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertNotIn("Doe", mail.body_html)
        return access, re.search(r"/my/health-bills/join/[\w-]+", mail.body_html)[0]

    def test_the_right_date_opens_the_account(self):
        access, path = self._invite()
        self.authenticate("w.patient", "w.patient")
        self.assertIn("date of birth", self.url_open(path).text)
        answer = self._post(path, {"birth_date": "1980-05-17"})
        self.assertEqual((access.state, access.user_id), ("active", self.user))
        self.assertIn(self.other_statement.name, answer.text)
        self.assertEqual(self.url_open(path).status_code, 404, "a link works once")

    def test_a_new_person_gets_a_sign_in_of_their_own(self):
        access, path = self._invite()
        self.authenticate(None, None)
        answer = self._post(path, {"birth_date": "1980-05-17"})
        self.assertIn("/web/reset_password", answer.url)
        self.assertEqual(access.user_id.login, "new.patient@example.org")
        self.assertTrue(access.user_id.share)
        self.assertEqual(access.user_id.name, self.other_account.name, "contacts show no names")

    def test_guessing_ends_the_link(self):
        access, path = self._invite()
        self.authenticate(None, None)
        for _time in range(4):
            answer = self._post(path, {"birth_date": "1980-05-18"})
            self.assertIn("did not match", answer.text)
        self.assertEqual(self._post(path, {"birth_date": ""}).status_code, 404)
        self.assertEqual(access.state, "revoked")
        self.assertEqual(self._post(path, {"birth_date": "1980-05-17"}).status_code, 404)

    def test_who_signs_in_already_is_asked_to(self):
        access, path = self._invite()
        new_test_user(self.env, "new.patient@example.org", groups="base.group_portal")
        self.authenticate(None, None)
        answer = self._post(path, {"birth_date": "1980-05-17"})
        self.assertIn("has a sign-in already", answer.text)
        self.assertEqual(access.state, "invited")

    def test_a_login_that_only_looks_alike_is_another_persons(self):
        self.other_account.patient_id.email = "new_patient@example.org"
        access = self.env["hc.portal.access"]._invite(self.other_account)
        new_test_user(self.env, "newXpatient@example.org", groups="base.group_portal")
        self.assertEqual(access._make_user().login, "new_patient@example.org")
        other = self.env["hc.portal.access"]._invite(self.other_account)
        self.assertFalse(other._make_user(), "it signs in by now")

    def test_paperless_statements_go_by_portal_and_mail(self):
        self.account._write_guarded({"mail_returned_on": self.today})
        self.statement.action_void()
        statement = self._make(self.account)
        self.assertEqual((statement.channel, statement.state), ("portal", "sent"))
        self.assertEqual(statement.contact_id.state, "sent")
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "w@example.org")
        self.assertNotIn("150", mail.body_html)

    def test_who_wants_no_e_mail_gets_paper_again(self):
        self.statement.action_void()
        self.access._write_guarded({"is_paperless": True})
        self.account._record_consent(["email"], "revoked", "front_desk", "form")
        statement = self._make(self.account)
        self.assertEqual((statement.channel, statement.state), ("letter", "issued"))
        self.assertFalse(self.case.first_statement_on)
        statement.action_void()
        self.account._write_guarded({"mail_returned_on": self.today})
        self.assertEqual(self._make(self.account), "no_address")

    def test_the_people_without_paper_are_told_each_by_itself(self):
        self.statement.action_void()
        accesses = self.env["hc.portal.access"]._create_guarded(
            [
                {"account_id": self.account.id, "email": "b@example.org", "is_paperless": True},
                {"account_id": self.account.id, "email": "a@example.org", "is_paperless": True},
            ]
        )
        for number, access in enumerate(accesses):
            access._accept(new_test_user(self.env, f"w.more.{number}", groups="base.group_portal"))
        last = self.env["mail.mail"].search([], order="id desc", limit=1)
        statement = self._make(self.account)
        self.assertEqual((statement.channel, statement.state), ("portal", "sent"))
        mails = self.env["mail.mail"].search([("id", ">", last.id or 0)], order="id")
        self.assertEqual(mails.mapped("email_to"), ["a@example.org", "b@example.org"])

    def test_a_statement_of_which_nothing_tells_was_not_provided(self):
        self.statement.action_void()
        self.access._write_guarded({"is_paperless": True})
        made, _skipped = self.env["hc.statement"]._make(self.account, self.today)
        self.account._record_consent(["email"], "revoked", "front_desk", "form")
        made._issue()
        self.assertEqual((made.state, made.sent_on), ("issued", False))
        self.assertFalse(self.case.first_statement_on)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"statement_untold:{made.id}")])
        self.assertEqual(item.state, "open")


@tagged("post_install", "-at_install")
class TestPortalPreferences(PortalCase):
    """How a guarantor wants to be reached: chosen by them, and bills without paper only agreed."""

    def _save(self, **data):
        self.authenticate("w.patient", "w.patient")
        return self._post(self._url("/preferences"), {"language": "en_US", **data})

    def _open_link(self):
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "w@example.org")
        return re.search(r"/my/health-bills/paperless/[\w-]+", mail.body_html)[0]

    def test_opting_out_stops_a_channel_at_once(self):
        page = self._save(call="1").text
        self.assertIn("We saved it", page)
        verdicts = self.env["hc.contact.consent"]._get_verdicts(self.account)
        self.assertEqual(verdicts, {(self.account.id, "email"): "revoked"})
        row = self.account.consent_ids
        self.assertEqual((row.source, row.user_id), ("portal", self.user))
        self._save(email="1", call="1", sms="1")
        verdicts = self.env["hc.contact.consent"]._get_verdicts(self.account)
        self.assertEqual(
            verdicts,
            {(self.account.id, "email"): "granted", (self.account.id, "sms"): "granted"},
        )
        count = len(self.account.consent_ids)
        self._save(email="1", call="1", sms="1")
        self.assertEqual(len(self.account.consent_ids), count, "nothing changed, nothing recorded")

    def test_bills_speak_the_chosen_language(self):
        page = self._save(language="es_US", email="1", call="1").text
        self.assertIn("Lo guardamos", page)
        self.assertEqual(self.account.patient_id.language, "es_US")
        self._save(language="../../etc", email="1", call="1")
        self.assertEqual(self.account.patient_id.language, "es_US")

    def test_paper_ends_by_the_link_in_the_e_mail(self):
        self.assertFalse(self.access.is_paperless)
        page = self._save(email="1", call="1", paperless="1").text
        self.assertIn("open the link", page)
        self.assertFalse(self.access.is_paperless, "not before the link was opened")
        path = self._open_link()
        self.assertIn("no more paper", self.url_open(path).text)
        self.assertFalse(self.access.is_paperless, "opening a link changes nothing")
        self.assertIn("do not mail", self._post(path).text)
        self.assertTrue(self.access.is_paperless)
        self.assertEqual(self.url_open(path).status_code, 404, "a link works once")
        self.assertEqual(self.account._get_statement_channel(), "portal")
        self._save(call="1", paperless="1")
        self.assertFalse(self.access.is_paperless, "without e-mails nobody would tell of a bill")
        self.assertEqual(self.account._get_statement_channel(), "letter")

    def test_links_are_for_the_person_they_were_sent_to(self):
        self._save(email="1", call="1", paperless="1")
        path = self._open_link()
        new_test_user(self.env, "w.stranger", groups="base.group_portal")
        self.authenticate("w.stranger", "w.stranger")
        self.assertEqual(self._post(path).status_code, 404)
        self.assertEqual(self._post(self._url("/preferences")).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(path).url)
        self.assertFalse(self.access.is_paperless)

    def test_links_are_not_sent_without_end(self):
        for _time in range(12):
            self._save(email="1", call="1", paperless="1")
        mails = self.env["mail.mail"].search_count([("email_to", "=", "w@example.org")])
        self.assertEqual(mails, 10)
