# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

# Derived by the ORM once the rows are there, item by item, unless the rows come with them.
_DERIVED_AFTERWARDS = frozenset(
    {
        "move_name",
        "parent_state",
        "date",
        "invoice_date",
        "ref",
        "payment_id",
        "statement_line_id",
        "statement_id",
        "amount_residual",
        "amount_residual_currency",
        "reconciled",
        "price_subtotal",
        "price_total",
        "no_followup",
    }
)
# An item that has one of these is priced, taxed or of another currency: Odoo derives the rest.
_PRICED = frozenset({"currency_id", "display_type", "price_unit", "product_id", "tax_ids"})
# What an item may say itself; else its entry does.
_OWN = frozenset({"hc_case_id", "hc_responsibility"})
_GIVEN = frozenset({"account_id", "amount_currency", "balance", "name", "partner_id"})


class AccountMoveLine(models.Model):
    """Items of a remittance's entries are inserted complete.

    They have no product, price, tax or foreign currency, so that each derived value follows from
    the entry, the account and the balance. The ORM would find the same values, one item after the
    other, and most of them twice; what another module derives of an item is still left to it.
    """

    _inherit = "account.move.line"

    @api.model
    def _add_precomputed_values(self, vals_list):
        completed = []
        of_entry = {}
        for vals in vals_list:
            entry_vals = self._get_entry_vals(vals, of_entry)
            if entry_vals and vals.keys() >= _GIVEN and not _PRICED & vals.keys():
                derived = {**entry_vals, **self._derive_item_vals(vals)}
                derived |= {name: vals[name] for name in _OWN & vals.keys()}
                vals.update(derived)
                completed.append((vals, derived.keys() | _GIVEN))
        result = super()._add_precomputed_values(vals_list)
        for vals, names in completed:
            known = {self._fields[name] for name in names}
            vals["__precomputed__"] = known.union(vals.get("__precomputed__", ()))
        return result

    @api.model
    def _create(self, data_list):
        lines = super()._create(data_list)
        entries = lines.move_id.filtered(lambda move: move._has_complete_items())
        complete = lines.browse(
            data["record"].id
            for data in data_list
            if data["stored"]["move_id"] in entries._ids
            and data["stored"].keys() >= _DERIVED_AFTERWARDS
        )
        for name in _DERIVED_AFTERWARDS:
            self.env.remove_to_compute(self._fields[name], complete)
        return lines

    @api.model
    def _get_entry_vals(self, vals, known):
        """What items take over from their entry; nothing where Odoo is to derive it.

        :param dict known: ``{entry id: values}`` found before, completed by this method
        """
        move_id = vals.get("move_id")
        if move_id not in known:
            move = self.env["account.move"].browse(move_id)
            known[move_id] = move._has_complete_items() and move._prepare_item_vals()
        return known[move_id]

    @api.model
    def _derive_item_vals(self, vals):
        balance, amount_currency = vals["balance"], vals["amount_currency"]
        account = self.env["account.account"].browse(vals["account_id"])
        is_open = account.reconcile or account.account_type in (
            "asset_cash",
            "liability_credit_card",
        )
        return {
            "debit": max(balance, 0.0),
            "credit": max(-balance, 0.0),
            "price_subtotal": amount_currency,
            "price_total": amount_currency,
            "amount_residual": balance if is_open else 0.0,
            "amount_residual_currency": amount_currency if is_open else 0.0,
            "reconciled": is_open and not balance and not amount_currency,
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.model
    def _add_precomputed_values(self, vals_list):
        # Nothing of a remittance's entry follows from its items, and they are hundreds.
        items = [
            vals.pop("line_ids") if vals.get("hc_remittance_id") and "line_ids" in vals else None
            for vals in vals_list
        ]
        result = super()._add_precomputed_values(vals_list)
        for vals, commands in zip(vals_list, items, strict=True):
            if commands is not None:
                vals["line_ids"] = commands
        return result

    def _has_complete_items(self):
        """Whether it is an entry whose items :meth:`_prepare_item_vals` completes."""
        return bool(
            self.move_type == "entry"
            and self.state == "draft"
            and self.sudo().hc_remittance_id
            and self.currency_id == self.company_id.currency_id
            and not self.company_id.account_storno
        )

    def _prepare_item_vals(self):
        """What each item of the entry has of it, as Odoo derives it."""
        self.ensure_one()
        return {
            "journal_id": self.journal_id.id,
            "company_id": self.company_id.id,
            "company_currency_id": self.company_currency_id.id,
            "currency_id": self.company_currency_id.id,
            "move_name": self.name,
            "parent_state": self.state,
            "date": self.date,
            "invoice_date": self.invoice_date,
            "ref": self.ref,
            "payment_id": self.origin_payment_id.id,
            "statement_line_id": self.statement_line_id.id,
            "statement_id": self.statement_line_id.statement_id.id,
            "display_type": "product",
            "sequence": 100,
            "is_storno": False,
            "quantity": 1.0,
            "price_unit": 0.0,
            "product_uom_id": False,
            "tax_ids": [],
            "tax_line_id": False,
            "tax_group_id": False,
            "no_followup": self.journal_id.type == "general",
            "hc_case_id": self.hc_case_id.id,
            "hc_responsibility": self.hc_responsibility,
        }
