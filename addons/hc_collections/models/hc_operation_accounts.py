# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import (
    AMOUNT,
    DAY,
    optional,
    record,
    rows,
    text,
)


class HcOperation(models.AbstractModel):
    """What other systems may know of an account: what is owed, and what stops the follow-up."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_fetch_account()]

    @api.model
    def _define_fetch_account(self):
        item = record(
            case_number=optional(text(64)), date_from=DAY, days=text(16), amount_open=AMOUNT
        )
        hold = record(kind=text(32), case_numbers=rows(text(64)), date_from=DAY, date_to=DAY)
        dispute = record(number=text(64), kind=text(32), state=text(32), amount_disputed=AMOUNT)
        return OperationDefinition(
            code="account.fetch_summary",
            version=1,
            summary=self.env._("What an account owes by case and age, its holds and disputes."),
            schema_in=record(("account_number",), account_number=text(64, minLength=1)),
            schema_out=record(
                ("number", "state"),
                number=text(64),
                party=text(16),
                state=text(32),
                currency=text(8),
                amount_open=AMOUNT,
                amount_unapplied=AMOUNT,
                amount_disputed=AMOUNT,
                oldest_on=DAY,
                items=rows(item),
                holds=rows(hold),
                disputes=rows(dispute),
            ),
            groups=("hc_revenue_base.group_hc_user",),
            handler="_operation_fetch_account",
            is_write=False,
        )

    @api.model
    def _operation_fetch_account(self, payload):
        account = self.env["hc.collection.account"].search(
            [
                ("name", "=", payload["account_number"]),
                ("company_id", "=", self.env.company.id),
            ]
        )
        if not account:
            raise OperationError("not_found", what="account of this number")
        currency = account.currency_id
        return {
            "number": account.name,
            "party": account.party,
            "state": account.state,
            "currency": currency.name,
            "amount_open": self._serve_money(account.amount_open, currency),
            "amount_unapplied": self._serve_money(account.amount_unapplied, currency),
            "amount_disputed": self._serve_money(account.amount_disputed, currency),
            "oldest_on": _serve_day(account.oldest_on),
            "items": self._describe_items(account),
            "holds": [
                {
                    "kind": hold.kind,
                    "case_numbers": hold.case_ids.mapped("name"),
                    "date_from": _serve_day(hold.date_from),
                    "date_to": _serve_day(hold.date_to),
                }
                for hold in account.hold_ids.filtered(lambda one: one.state == "active")
            ],
            "disputes": [
                {
                    "number": dispute.name,
                    "kind": dispute.kind,
                    "state": dispute.state,
                    "amount_disputed": self._serve_money(dispute.amount_disputed, currency),
                }
                for dispute in account.dispute_ids
            ],
        }

    @api.model
    def _describe_items(self, account):
        items = self.env["hc.aging.item"].search([("account_id", "=", account.id)], limit=1000)
        return [
            {
                "case_number": item.case_id.name or None,
                "date_from": _serve_day(item.date_basis),
                "days": str(item.days),
                "amount_open": self._serve_money(item.amount_open, account.currency_id),
            }
            for item in items
        ]


def _serve_day(value):
    return value.isoformat() if value else None
