# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerWizard(LedgerCase):
    def _open_wizard(self, cases, user=None, **vals):
        action = cases.with_user(user or self.manager).action_open_adjustment()
        wizards = self.env["hc.adjustment.wizard"].with_user(user or self.manager)
        return wizards.with_context(**action["context"]).create(
            {
                "kind": "small_balance",
                "reason_code_id": self._reason("write_off").id,
                "justification": "agreed with the team lead",
                **vals,
            }
        )

    def test_the_form_proposes_party_and_amount(self):
        case = self._bill()
        context = case.action_open_adjustment()["context"]
        with Form(self.env["hc.adjustment.wizard"].with_context(**context)) as form:
            form.kind = "denial_write_off"
            self.assertEqual((form.responsibility, form.amount), ("payer_1", 150.0))
            form.kind = "charity_care"
            self.assertEqual((form.responsibility, form.amount), ("patient", 0.0))
            form.kind = "small_balance"
            self.assertEqual((form.responsibility, form.amount), ("payer_1", 150.0))
            form.amount = 20.0
            form.reason_code_id = self._reason("write_off")
            form.justification = "agreed with the team lead"
        form.record.with_user(self.env.user).action_request()

    def test_one_case_is_adjusted_as_entered_with_its_evidence(self):
        case = self._bill()
        file = (
            self.env["ir.attachment"]
            .with_user(self.manager)
            .create({"name": "denial.txt", "raw": b"denied", "res_model": "hc.adjustment.wizard"})
        )
        wizard = self._open_wizard(
            case, amount=30.0, attachment_ids=[Command.set(file.ids)], kind="denial_write_off"
        )
        outcome = wizard.action_request()
        action = wizard.action_ids
        self.assertEqual((action.state, action.amount), ("applied", 30.0))
        self.assertEqual(outcome["params"]["type"], "success")
        evidence = action.evidence_ids.filtered("attachment_id")
        self.assertEqual(evidence.checksum, file.checksum)
        self.assertEqual(
            (evidence.attachment_id.res_model, evidence.attachment_id.res_id),
            (action._name, action.id),
        )
        wizard.sudo().unlink()
        self.assertTrue(evidence.attachment_id.exists())

    def test_a_double_click_is_one_request(self):
        case = self._bill()
        wizard = self._open_wizard(case, amount=30.0)
        wizard.action_request()
        wizard.action_request()
        self.assertEqual((len(wizard.action_ids), case.controlled_action_count), (1, 1))
        self.assertEqual(self._open(case), 120.0)

    def test_each_of_several_cases_is_a_request_of_all_that_is_open(self):
        cases = self._bill() | self._bill("E-2", services=(("L2002", 1.0),))
        settled = self._bill("E-3", services=(("L2002", 2.0),), started_at="2026-02-02 10:00:00")
        self._pay_amount(settled, 80.0) if settled.stage == "invoiced" else None
        wizard = self._open_wizard(cases | settled)
        wizard.action_request()
        self.assertEqual(sorted(wizard.action_ids.mapped("amount")), [40.0, 150.0])
        self.assertEqual(wizard.action_ids.case_id, cases)
        self.assertEqual(set(cases.mapped("stage")), {"closed"})

    def test_a_clerk_is_told_why_it_was_refused(self):
        wizard = self._open_wizard(self._bill(), user=self.clerk, amount=5.0)
        outcome = wizard.action_request()["params"]
        self.assertEqual((outcome["type"], wizard.action_ids.state), ("warning", "rejected"))
        self.assertIn("finance managers", outcome["message"])

    def test_a_reversal_is_asked_for_on_the_act(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 150.0).with_user(self.manager)
        context = action.action_open_reversal()["context"]
        wizard = (
            self.env["hc.adjustment.wizard"]
            .with_user(self.manager)
            .with_context(**context)
            .create(
                {
                    "reason_code_id": self._reason("reversal").id,
                    "justification": "the payer paid after all",
                }
            )
        )
        self.assertEqual((wizard.amount, wizard.reason_usage), (150.0, "reversal"))
        wizard.action_request()
        self.assertEqual(self._open(case), 150.0)

    def test_incomplete_or_misleading_requests_are_refused(self):
        case = self._bill()
        foreign = self.env["ir.attachment"].create(
            {"name": "a", "raw": b"a", "res_model": case._name, "res_id": case.id}
        )
        for vals, message in (
            ({"justification": "  x  "}, "Say in a sentence"),
            ({"reason_code_id": self._reason("refund").id}, "reason that belongs"),
            ({"kind": False}, "Choose what is to be done"),
            ({"attachment_ids": [Command.set(foreign.ids)]}, "Upload the evidence yourself"),
            ({"amount": 0.0}, "above zero"),
        ):
            with self._refused(message):
                self._open_wizard(
                    case, **{"amount": 5.0, "kind": "small_balance", **vals}
                ).action_request()
        self.assertFalse(case.controlled_action_count)

    def test_roles_without_money_and_strangers_do_not_get_that_far(self):
        case = self._bill()
        for role in ("compliance", "coder", "administrator"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._open_wizard(case, user=self._create_user(f"wizard.{role}", role))
        stranger = self._create_user("wizard.stranger", "clerk", facilities=self.other_facility)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open_wizard(case, user=stranger)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open_wizard(case, amount=5.0).with_user(stranger).action_request()

    def test_what_was_requested_is_not_a_clients_to_say(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 5.0)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self._open_wizard(case, action_ids=[Command.set(action.ids)])
        wizard = self._open_wizard(case)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            wizard.action_ids = action
