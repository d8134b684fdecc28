# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

import requests

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_automation_observation import RunTally, running

from .test_payment_charge import ChargeCase


@tagged("post_install", "-at_install")
class TestPaymentChargeSafety(ChargeCase):
    """No card is charged by a run that only observes, or beside money that is coming anyway."""

    def _sent_charge(self, number, hours_ago):
        """A charge that was handed over, and whose answer did not come."""
        part = self._autopay(number).instalment_ids[0]
        part._prepare_charge()
        part.transaction_ids.hc_sent_at = self.env.cr.now() - timedelta(hours=hours_ago)
        return part, part.transaction_ids

    def _enter_unknown(self, part):
        supervisor = self.env["res.users"].search([("login", "=", "cs.supervisor")])
        supervisor = supervisor or self._create_user("cs.supervisor", "supervisor")
        self.env["hc.payment.charge.wizard"].with_user(supervisor).create(
            {"instalment_id": part.id, "reason": "Its dashboard shows no such charge."}
        ).action_confirm_unknown()

    def test_an_observed_run_charges_no_card(self):
        part = self._autopay("CS-1").instalment_ids[0]
        automation = self.env.ref("hc_collections.hc_automation_charge_instalments")
        automation._set_mode("observe", "a pilot before cards are charged")
        with self._provider() as sent:
            automation._execute(self.env["hc.payment.plan.instalment"]._cron_charge)
        self.env.invalidate_all()
        self.assertEqual((sent, len(part.transaction_ids)), ([], 0))
        automation._set_mode("on", "the pilot was fine")
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [part.id])

    def test_an_observed_run_asks_no_provider(self):
        _part, charge = self._sent_charge("CS-2", 1)
        tally = RunTally(automation_id=0, observes=True)
        with (
            patch.object(requests, "request") as request,
            running(tally),
            self.assertRaisesRegex(ValidationError, "observed run asks no payment provider"),
        ):
            charge._send_api_request("POST", "/charges")
        request.assert_not_called()

    def test_no_answer_is_entered_while_the_charge_is_on_its_way(self):
        part, charge = self._sent_charge("CS-3", 1)
        with self._refused("less than 2 hours ago"):
            self._enter_unknown(part)
        self.assertEqual(charge.state, "draft")
        charge.hc_sent_at -= timedelta(hours=1)
        self._enter_unknown(part)
        self.assertEqual((charge.state, part.has_unknown_charge), ("cancel", False))

    def test_a_late_success_is_booked_and_not_charged_again(self):
        part, charge = self._sent_charge("CS-4", 3)
        self._enter_unknown(part)
        charge._set_done()
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [], "done and not booked yet")
        charge._post_process()
        self.assertEqual((charge.state, charge.hc_is_unsent), ("done", False))
        self.assertEqual((part.amount_open, self.account.amount_open), (0.0, 100.0))
        items = self._item("payment_failed", self.account)
        self.assertIn("came through after all", items.mapped("name")[0])

    def test_a_late_success_beside_a_second_charge_goes_to_a_person(self):
        part, charge = self._sent_charge("CS-5", 3)
        self._enter_unknown(part)
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [part.id])
        self._finish(part.transaction_ids - charge)
        self._finish(charge)
        self.assertEqual(set(part.transaction_ids.mapped("state")), {"done"})
        self.assertEqual(self.account.amount_open, 50.0, "all money is booked")
        self.assertIn("give back", self._item("payment_failed", self.account).description)

    def test_a_payment_of_the_account_under_way_is_waited_for(self):
        part = self._autopay("CS-6").instalment_ids[0]
        paying = self._transaction(self.account, 150.0)
        paying._set_pending()
        with self._provider() as sent:
            self._run()
        self.assertEqual((sent, part.transaction_ids.mapped("hc_is_unsent")), ([], [True]))
        paying._set_canceled()
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [part.id])

    def test_a_transfer_that_never_came_does_not_block_for_ever(self):
        part = self._autopay("CS-7").instalment_ids[0]
        transfer = self._transaction(self.account, 50.0, hc_instalment_id=part.id)
        transfer._set_pending()
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [])
        transfer.last_state_change -= timedelta(days=11)
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [part.id])
