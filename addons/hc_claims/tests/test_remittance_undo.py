# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .remittance_common import RemittanceCase, clp

SHARES = [("CO", "45", 50), ("PR", "2", 20)]


@tagged("post_install", "-at_install")
class TestRemittanceUndo(RemittanceCase):
    """A remittance is undone as a whole, by who may, and leaves nothing behind."""

    def _undo(self, remittance, user=None):
        action = remittance.with_user(user or self.finance)._request_undo(
            idempotency_key=f"undo:{remittance.id}", justification="posted to the wrong company"
        )
        action = action.sudo()
        if action.state == "pending" and user is None:
            # A module with approvals is installed: its people agree.
            action._settle(GateDecision("allow"))
        return action

    def _balances(self):
        """All accounts of the company that are not zero."""
        rows = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {account.code: round(total, 2) for account, total in rows if round(total, 2)}

    def test_undoing_restores_every_account_and_balance(self):
        claim = self._make_claim("U-1")
        before = self._balances()
        remittance = self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80)
        self.assertNotEqual(self._balances(), before)
        action = self._undo(remittance)
        self.assertEqual((action.state, remittance.state), ("applied", "undone"))
        self.assertEqual(remittance.claim_ids.state, "undone")
        self.assertEqual(self._balances(), before)
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 150.0)
        self.assertEqual(self._get_party_open(claim.case_id, "patient"), 0.0)
        self.assertEqual((claim.state, claim.amount_paid), ("pending", 0.0))

    def test_undoing_a_reversal_lets_the_first_answer_stand_again(self):
        claim = self._make_claim("U-2")
        first = self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80)
        before = self._balances()
        back = clp(
            claim.name,
            -150,
            -80,
            status="22",
            adjustments=[(group, reason, -amount) for group, reason, amount in SHARES],
        )
        second = self._post([back], 0, trace="T2", plb=[("WO", claim.name, -80)], method="NON")
        self.assertEqual(first.claim_ids.state, "reversed")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 150.0)
        self._undo(second)
        self.assertEqual((first.claim_ids.state, second.claim_ids.state), ("posted", "undone"))
        self.assertEqual(self._balances(), before)
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(claim.case_id, "patient"), 20.0)

    def test_what_was_built_on_it_is_undone_first(self):
        claim = self._make_claim("U-3")
        first = self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80)
        back = clp(
            claim.name,
            -150,
            -80,
            status="22",
            adjustments=[(group, reason, -amount) for group, reason, amount in SHARES],
        )
        self._post([back], 0, trace="T2", plb=[("WO", claim.name, -80)], method="NON")
        with self._refused("was reversed by"):
            self._undo(first)
        patient = self._create_patient("1000004")
        other = self._make_claim("U-4", patient=patient, coverage=self._create_coverage(patient))
        paid = self._post([clp(other.name, 150, 80, adjustments=SHARES)], 80, trace="T3")
        invoice = paid.claim_ids.transfer_invoice_id
        self.assertEqual(
            (paid.claim_ids.state, invoice.state, invoice.amount_residual),
            ("posted", "posted", 20.0),
        )
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        with self._refused("Take the payment back first"):
            self._undo(paid)

    def test_posters_do_not_undo_and_accounting_does_not_either(self):
        claim = self._make_claim("U-5")
        remittance = self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80)
        action = self._undo(remittance, self.poster)
        self.assertNotEqual(action.state, "applied")
        self.assertEqual(remittance.state, "posted")
        entry = remittance.claim_ids.move_id
        with self._refused("Use “Undo Posting” on the remittance"):
            entry.button_draft()
        with self._refused("Use “Undo Posting” on the remittance"):
            entry._reverse_moves(cancel=True)
        receivable = entry.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        with self._refused("Use “Undo Posting” on the remittance"):
            receivable.remove_move_reconcile()
