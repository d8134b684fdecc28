# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestPlacement(CollectionsCase):
    """An account goes to an agency when nothing forbids it, and comes back."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("G-1")
        self.account = self._account_of(self.case)
        self.agency = self.env["hc.collection.agency"].create({"name": "Agency", "code": "AGY"})
        self.supervisor = self._create_user("place.supervisor", "supervisor")

    def _request(self, user=None, key="place"):
        user = user or self.supervisor
        account = self.account.with_user(user)
        return account.env["hc.placement"]._request(
            account,
            self.agency.with_user(user),
            justification="Three letters were not answered.",
            idempotency_key=key,
        )

    def _place(self):
        self.account._transition("pre_collections")
        placement = self._request().sudo()
        if placement.action_id.state == "pending":
            placement.action_id._settle(GateDecision("allow"))
        return placement

    def _read_file(self, exchange_id):
        exchange = self.env["hc.exchange"].browse(exchange_id)
        return exchange.payload_attachment_id.raw.decode()

    def test_nothing_is_placed_that_must_not_be(self):
        with self._refused("the final notice has not been given"):
            self._request()
        self.account._transition("pre_collections")
        hold = self.env["hc.collection.hold"]._place(self.account, "bankruptcy", "chapter 7")
        with self._refused("Bankruptcy.*holds it"):
            self._request()
        hold._release("dismissed")
        self.env["hc.collection.hold"]._place(
            self.account, "dispute", "not mine", case=self.case, amount=10.0
        )
        with self._refused("Dispute.*holds it"):
            self._request()

    def test_collectors_do_not_place(self):
        self.account._transition("pre_collections")
        placement = self._request(self.collector).sudo()
        if placement.action_id.state == "pending":
            placement.action_id._settle(GateDecision("refuse", "not yet"))
        self.assertEqual((placement.state, self.account.state), ("refused", "pre_collections"))

    def test_the_agency_is_told_once_of_each(self):
        self.case.patient_id.sudo().write({"street": '=HYPERLINK("x")'})
        placement = self._place()
        self.assertEqual((placement.state, self.account.state), ("placed", "placed"))
        agency = self.agency.with_user(self.supervisor)
        text = self._read_file(agency.action_create_file()["res_id"])
        self.assertIn('"PLACE"', text)
        self.assertIn('"150.00"', text)
        self.assertIn('"\'=HYPERLINK(""x"")"', text)
        with self._refused("knows everything"):
            agency.action_create_file()
        placement.with_user(self.supervisor)._recall("The patient has applied for assistance.")
        self.assertEqual((placement.state, self.account.state), ("recalled", "active"))
        text = self._read_file(agency.action_create_file()["res_id"])
        self.assertIn('"RECALL"', text)
        self.assertNotIn("HYPERLINK", text)
        with self._refused("knows everything"):
            agency.action_create_file()

    def test_what_is_paid_is_no_longer_with_the_agency(self):
        placement = self._place()
        self._pay_amount(self.case, 150.0)
        self.account._refresh()
        self.assertEqual((placement.state, placement.amount_recovered), ("closed", 150.0))
        self.assertEqual(self.account.state, "active")

    def test_an_account_is_requested_once(self):
        self.account._transition("pre_collections")
        self._request()
        with self._refused("requested already|final notice"):
            self._request(key="again")
