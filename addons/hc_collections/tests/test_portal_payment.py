# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision
from odoo.addons.payment import utils as payment_utils

from .test_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalPayment(PortalCase):
    """Paying what is owed, or a part of it: by the portal and by the printed link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.env["account.payment.method"]
        known = kinds._get_payment_method_information()
        information = {**known, "none": {"mode": "electronic", "type": ("bank",)}}
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["account.payment.method"],
                "_get_payment_method_information",
                lambda _self: information,
            )
        )
        kinds.sudo().create({"name": "Dummy", "code": "none", "payment_type": "inbound"})
        cls.method = cls.env.ref("payment.payment_method_unknown")
        view = cls.env["ir.ui.view"].create(
            {"name": "form", "type": "qweb", "arch": "<template><form method='post'/></template>"}
        )
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Dummy",
                "code": "none",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
                "payment_method_ids": [Command.set(cls.method.ids)],
                "redirect_form_view_id": view.id,
            }
        )
        cls.method.active = True
        cls.provider.journal_id = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def _parameters(self, amount, **values):
        partner, currency = self.account.partner_id, self.account.currency_id
        token = payment_utils.generate_access_token(
            partner.id, values.get("shown", amount), currency.id, env=self.env
        )
        return {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": amount,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "https://evil.example",
            "is_validation": False,
            "access_token": token,
        } | {name: value for name, value in values.items() if name != "shown"}

    def _transactions(self):
        return self.env["payment.transaction"].search([("provider_id", "=", self.provider.id)])

    def test_a_part_is_paid_and_settles_the_oldest_first(self):
        self.authenticate("w.patient", "w.patient")
        page = self.url_open(self._url("/pay?amount=60")).text
        self.assertIn("o_payment_form", page)
        self._call(self._url("/transaction"), **self._parameters(60.0))
        transaction = self._transactions()
        self.assertEqual(transaction.amount, 60.0)
        self.assertEqual(transaction.partner_id, self.account.partner_id)
        self.assertEqual(transaction.landing_route, "/my/health-bills?done=waiting")
        self.assertTrue(transaction.reference.startswith(self.account.name))
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.account.amount_open, 90.0)
        self.assertEqual(self._ledger_open(self.account), 90.0)
        self.assertIn("$90.00", self.url_open("/my/health-bills").text)

    def test_a_printed_link_pays_without_signing_in(self):
        path = f"/bill/{self.statement.sudo().access_token}"
        self.assertIn("o_payment_form", self.url_open(path).text)
        self._call(f"{path}/transaction", **self._parameters(150.0))
        transaction = self._transactions()
        transaction._set_pending()
        page = self.url_open(path).text
        self.assertIn("waiting for your bank", page)
        self.assertNotIn("o_payment_form", page)
        transaction._set_done()
        transaction._post_process()
        self.assertEqual(self.account.amount_open, 0.0)
        self.assertIn("do not owe anything", self.url_open(path).text)
        self.assertEqual(self.case.stage, "closed")

    @mute_logger("odoo.http")
    def test_what_is_confirmed_is_not_asked_for_again_before_it_is_posted(self):
        self.authenticate("w.patient", "w.patient")
        self._call(self._url("/transaction"), **self._parameters(60.0))
        first = self._transactions()
        first._set_done()
        self.assertEqual((self.account.amount_open, first.is_post_processed), (150.0, False))
        self.assertEqual(self.account._get_payable_amount(), 90.0)
        answer = self._call(self._url("/transaction"), **self._parameters(60.0))
        told = answer["error"]["data"]["message"].replace("\xa0", "")
        self.assertIn("A payment of $60.00 was just made", told)
        self.assertIn("error", self._call(self._url("/transaction"), **self._parameters(150.0)))
        self.assertEqual(self._transactions(), first)
        self._call(self._url("/transaction"), **self._parameters(90.0))
        second = self._transactions() - first
        second._set_done()
        page = self.url_open(self._url("/pay")).text
        self.assertIn("We received your payment", page)
        self.assertNotIn("o_payment_form", page)
        (first | second)._post_process()
        self.assertEqual((self.account.amount_open, self.case.stage), (0.0, "closed"))

    @mute_logger("odoo.http")
    def test_of_two_windows_one_pays(self):
        """Both show the page before either pays: the second is told where the first stands."""
        self.authenticate("w.patient", "w.patient")
        link = f"/bill/{self.statement.sudo().access_token}"
        for page in (self._url("/pay"), link):
            self.assertIn("o_payment_form", self.url_open(page).text)
        self.assertIn("result", self._call(self._url("/transaction"), **self._parameters(150.0)))
        first = self._transactions()
        for path in (self._url("/transaction"), f"{link}/transaction"):
            for amount in (150.0, 0.01):
                answer = self._call(path, **self._parameters(amount))
                told = answer["error"]["data"]["message"].replace("\xa0", "")
                self.assertIn("A payment of $150.00 was begun a moment ago", told)
        self.assertEqual(self._transactions(), first)
        first._set_error("declined")
        self.assertIn("result", self._call(f"{link}/transaction", **self._parameters(100.0)))
        self.assertIn("result", self._call(self._url("/transaction"), **self._parameters(50.0)))
        self.assertEqual(len(self._transactions()), 3, "together they pay what is owed")
        self.assertIn("error", self._call(self._url("/transaction"), **self._parameters(10.0)))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - interval '11 minutes'"
            " WHERE provider_id = %s",
            [self.provider.id],
        )
        self.env.invalidate_all()
        self.assertIn("result", self._call(self._url("/transaction"), **self._parameters(10.0)))

    def test_what_a_report_has_booked_is_subtracted_once(self):
        bank = self.provider.journal_id
        self.env["hc.payment.source"].create(
            {"name": "Lockbox", "code": "lockbox", "journal_id": bank.id}
        )
        self.authenticate("w.patient", "w.patient")
        self._call(self._url("/transaction"), **self._parameters(60.0))
        transaction = self._transactions()
        transaction._set_done()
        self.env["hc.payment.report"]._take(
            "lockbox",
            "confirmed",
            transaction.reference,
            60.0,
            self.account.currency_id.name,
            fields.Date.context_today(self.account),
            account_number=self.account.name,
        )
        self.assertEqual(self.account.amount_open, 90.0)
        self.assertEqual(self.account._get_payable_amount(), 90.0)

    @mute_logger("odoo.http")
    def test_amounts_and_ways_that_are_not_offered_are_refused(self):
        self.authenticate("w.patient", "w.patient")
        stranger = self.provider.copy({"company_id": self.company.id, "is_published": False})
        for parameters in (
            self._parameters(150.01),
            self._parameters(-5.0),
            self._parameters(10.0, shown=5.0),
            self._parameters(10.0, access_token="forged"),
            self._parameters(10.0, provider_id=stranger.id),
            self._parameters(10.0, flow="token", token_id=1),
            self._parameters(10.0, partner_id=1),
            self._parameters(10.0, invoice_ids=[[6, 0, [1]]]),
        ):
            with self.subTest(parameters=parameters):
                answer = self._call(self._url("/transaction"), **parameters)
                self.assertIn("error", answer)
        self.assertFalse(self._transactions())

    def test_the_page_refuses_amounts_beyond_what_is_owed(self):
        self.authenticate("w.patient", "w.patient")
        for amount in ("150.01", "0", "-1", "inf", "nan", "abc"):
            with self.subTest(amount=amount):
                page = self.url_open(self._url(f"/pay?amount={amount}")).text
                self.assertIn("Please enter an amount", page)

    @mute_logger("odoo.http")
    def test_the_link_of_an_instalment_pays_its_plan(self):
        plan = self.env["hc.payment.plan"]._propose(
            self.account, self.case, 3, fields.Date.context_today(self.account)
        )
        if plan.action_id.state == "pending":
            plan.action_id._settle(GateDecision("allow"))
        part = plan.instalment_ids[0]
        path = f"/instalment/{part.id}/{part._get_link_token()}"
        self.assertIn("$50.00", self.url_open(path).text)
        self.assertIn("error", self._call(f"{path}/transaction", **self._parameters(50.01)))
        self._call(f"{path}/transaction", **self._parameters(50.0))
        transaction = self._transactions()
        self.assertEqual((transaction.hc_instalment_id, transaction.amount), (part, 50.0))
        transaction._set_done()
        transaction._post_process()
        self.assertEqual((part.amount_open, plan.amount_paid), (0.0, 50.0))
        self.assertIn("This part is paid", self.url_open(path).text)
        other = plan.instalment_ids[1]
        wrong = f"/instalment/{other.id}/{part._get_link_token()}"
        self.assertEqual(self.url_open(wrong).status_code, 404)
