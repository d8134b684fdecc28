# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Domain

from ..hc_core.ledger_acts import LEDGER_ACTS, REFUNDS
from .account_move import RESPONSIBILITIES

_REFUND_KINDS = frozenset(act.kind for act in REFUNDS)


class HcBillingCase(models.Model):
    """What a party of a case owes or has overpaid, item by item, and how much may be adjusted."""

    _inherit = "hc.billing.case"

    def _get_receivable_domain(self):
        return Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company_id.id),
                ("currency_id", "=", self.currency_id.id),
            ]
        )

    def _get_party_items(self, responsibility):
        """All receivable items of the case for which a party answers, oldest due first."""
        self.ensure_one()
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                self._get_receivable_domain()
                & Domain("hc_case_id", "=", self.id)
                & Domain("hc_responsibility", "=", responsibility),
                order="date_maturity, id",
            )
        )

    def _get_party(self, responsibility):
        """The ledger's partner for a party of the case; empty for a payer who was never billed."""
        self.ensure_one()
        if responsibility == "patient":
            patient_sudo = self.sudo().patient_id
            return (patient_sudo.guarantor_id or patient_sudo).partner_id
        if responsibility == "payer_1":
            return self.sudo().payer_id.partner_id
        return self._get_party_items(responsibility).partner_id[:1]

    def _get_credit_items(self, responsibility):
        """Payments of a party beyond what it owed, oldest first; of one receivable account.

        Money that is on another case of the party is not counted.
        """
        partner = self._get_party(responsibility)
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                self._get_receivable_domain()
                & Domain("partner_id", "in", partner.ids)
                & Domain("amount_residual", "<", 0)
                & Domain("hc_case_id", "in", (self.id, False))
                & (
                    Domain("move_id.origin_payment_id", "!=", False)
                    | Domain("statement_line_id", "!=", False)
                ),
                order="date, id",
            )
        )
        return items.filtered(lambda item: item.account_id == items[0].account_id)

    def _get_adjustable_items(self, kind, responsibility):
        """The items that an act of this kind settles."""
        if kind in _REFUND_KINDS:
            return self._get_credit_items(responsibility)
        return self._get_party_items(responsibility)

    def _get_adjustable_amount(self, kind, responsibility):
        """How much an act of this kind may move: what the party owes, or has overpaid.

        A credit is refunded and never written off.
        """
        self.ensure_one()
        residual = sum(self._get_adjustable_items(kind, responsibility).mapped("amount_residual"))
        return self.currency_id.round(max(0.0, -residual if kind in _REFUND_KINDS else residual))

    def _lock_items(self, items):
        """Hold the items until the end of the transaction, as they are now.

        The lock on the case alone would let somebody pass who read the items before they were
        settled: PostgreSQL refuses an old reading only of the rows that changed.
        """
        try:
            items.lock_for_update(allow_referencing=True)
        except LockError:
            raise LockError(
                self.env._(
                    "Somebody else is settling the balance of %(case)s right now. "
                    "Try again in a moment.",
                    case=self.name,
                )
            ) from None
        items.invalidate_recordset(["amount_residual", "reconciled"], flush=True)

    def _check_adjustment(self, action):
        """Whether an act fits the case as it is now.

        :raise UserError: the party, the currency or the amount does not
        """
        self.ensure_one()
        act = LEDGER_ACTS[action.kind]
        labels = dict(RESPONSIBILITIES)
        responsibility = action.responsibility
        if responsibility not in act.responsibilities:
            raise UserError(
                self.env._(
                    "“%(act)s” does not apply to “%(party)s”. It applies to: %(parties)s.",
                    act=act.label,
                    party=labels.get(responsibility, self.env._("nobody")),
                    parties=", ".join(labels[party] for party in act.responsibilities),
                )
            )
        currency = self.currency_id
        if action.currency_id != currency:
            raise UserError(
                self.env._(
                    "%(case)s is billed in %(currency)s: request the amount in it.",
                    case=self.name,
                    currency=currency.name,
                )
            )
        if currency.compare_amounts(action.amount, 0.0) <= 0:
            raise UserError(self.env._("Enter an amount above zero."))
        available = self._get_adjustable_amount(action.kind, responsibility)
        if currency.compare_amounts(action.amount, available) > 0:
            raise UserError(self._get_excess_message(action, available))

    def _get_excess_message(self, action, available):
        values = {
            "party": dict(RESPONSIBILITIES)[action.responsibility],
            "case": self.name,
            "amount": self.currency_id.format(action.amount),
            "available": self.currency_id.format(available),
        }
        if action.kind in _REFUND_KINDS:
            return self.env._(
                "%(case)s, %(party)s: the credit is %(available)s, less than the %(amount)s to "
                "refund.",
                **values,
            )
        return self.env._(
            "%(case)s, %(party)s: open are %(available)s, less than the %(amount)s to adjust.",
            **values,
        )

    def _get_today(self):
        """The day at the facility: neither the server's nor the one a client claims."""
        self.ensure_one()
        local = self.with_context(tz=self.facility_id.timezone)
        return fields.Datetime.context_timestamp(local, self.env.cr.now()).date()

    def _check_period_open(self, journal):
        """Let Odoo refuse a closed period, where posting would move the date to the next one."""
        self.env["account.move"].new(
            {"move_type": "entry", "journal_id": journal.id, "date": self._get_today()}
        )._check_fiscal_lock_dates()
