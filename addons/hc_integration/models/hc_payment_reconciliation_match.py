# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is booked here of a provider's payments, and where that differs from what it tells."""

from decimal import Decimal

from odoo import models
from odoo.tools import split_every

from ..hc_webhook_core import payment_matching as matching
from .hc_payment_reconciliation import DIFFERENCES

_BATCH = 500
# Beyond so many unknown ones the provider is not asked about each: the account is another one.
ASKS_MAX = 100
_TRANSACTION_STATUS = {
    "done": matching.SETTLED,
    "authorized": matching.AUTHORIZED,
    "pending": matching.PENDING,
    "draft": matching.PENDING,
}
_REPORT_KINDS = {
    "confirmed": matching.PAYMENT,
    "refunded": matching.REFUND,
    "charged_back": matching.WITHDRAWAL,
    "reversal_undone": matching.RETURN,
}
_REPORT_STATUS = {"applied": matching.SETTLED, "dismissed": matching.FAILED}
_LIST = "payment.list"


class HcPaymentReconciliation(models.Model):
    _inherit = "hc.payment.reconciliation"

    def _match(self):
        """Compare what was read with what is booked, and the other way round."""
        lines = self.sudo().line_ids
        for batch in split_every(_BATCH, lines.ids, lines.browse):
            ours = self._find_ours(batch)
            for line in batch:
                movement, transaction = ours.get((line.kind, line.object_key), (None, None))
                line._write_guarded(self._prepare_result(line._get_theirs(), movement, transaction))
        self._match_ours_only()

    def _prepare_result(self, theirs, ours, transaction):
        vals = {"result": matching.compare(theirs, ours)}
        if ours:
            vals |= self.env["hc.payment.reconciliation.line"]._prepare_side(ours, "ours")
            vals["transaction_id"] = transaction.id if transaction else False
        return vals

    def _find_ours(self, lines):
        """What is booked of some movements: ``{(kind, key): (movement, transaction or None)}``.

        A payment may be known by a transaction of Odoo and by a report: what came further counts.
        """
        transactions_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("operation", "!=", "validation"),
                    ("provider_reference", "in", lines.mapped("object_key")),
                ]
            )
        )
        found = [(_read_transaction(each), each) for each in transactions_sudo]
        references = sorted({line.reference for line in lines if line.reference})
        found += [(each, None) for each in self._list_reports({"references": references})]
        best = {}
        for movement, transaction in found:
            key = (movement.kind, movement.key)
            known = best.get(key)
            if not known or matching.rank(movement.status) > matching.rank(known[0].status):
                best[key] = (movement, transaction)
        return best

    def _list_reports(self, asked):
        """What other modules hold of the provider's payments, by the operation that lists them.

        :param dict asked: ``references``, or ``day``
        """
        system = self.provider_id._get_payment_system()
        if not system:
            return []
        operations = (
            self.env["hc.operation"]
            .with_user(system.user_id)
            .with_context(allowed_company_ids=system.company_id.ids)
        )
        if _LIST not in {definition.code for definition in operations._get_operations()}:
            return []
        movements, after_id = [], 0
        while True:
            payload = {"source": system.code, "after_id": after_id, **asked}
            answer = operations._run_operation(_LIST, payload).result
            movements += [
                _read_report(row) for row in answer["payments"] if row["event"] in _REPORT_KINDS
            ]
            after_id = answer["next_after_id"]
            if not after_id:
                return movements

    def _match_ours_only(self):
        """Ask about what is booked on the day and is in no list of the provider."""
        booked = self._find_booked()
        lines = self.env["hc.payment.reconciliation.line"].sudo()
        told = {
            (line.kind, line.object_key)
            for line in lines.search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("object_key", "in", [movement.key for movement, _transaction in booked]),
                    ("theirs_status", "=", matching.SETTLED),
                    ("reconciliation_id.state", "!=", "superseded"),
                ]
            )
        }
        own = {(line.kind, line.object_key) for line in self.sudo().line_ids}
        unknown = [
            (movement, transaction)
            for movement, transaction in booked
            if (movement.kind, movement.key) not in told | own
        ]
        asks = len(unknown) <= ASKS_MAX
        new = {}
        for movement, transaction in unknown:
            theirs = self._ask_about(movement) if asks else None
            result = self._prepare_result(theirs, movement, transaction)
            # The other side has it on another day, by whose lists it is compared.
            if result["result"] != matching.MATCHED:
                side = lines._prepare_side(theirs, "theirs") if theirs else {}
                new[movement.kind, movement.key] = self._prepare_line(movement) | side | result
        lines._create_guarded(list(new.values()))

    def _find_booked(self):
        """What came to be booked on the day: ``[(movement, transaction or None)]``."""
        start, end = map(self._to_moment, self._get_bounds())
        transactions_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("operation", "!=", "validation"),
                    ("state", "=", "done"),
                    ("last_state_change", ">=", start),
                    ("last_state_change", "<", end),
                ]
            )
        )
        booked = [(_read_transaction(each), each) for each in transactions_sudo]
        reports = self._list_reports({"day": self.day.isoformat()})
        return booked + [(each, None) for each in reports if each.status == matching.SETTLED]

    def _finish(self):
        """Put the result on record and on the desks of people."""
        sums = self._read_sums()
        different = self.sudo().line_ids.filtered(lambda line: line.result in DIFFERENCES)
        self._write_guarded(
            sums
            | {
                "finished_at": self.env.cr.now().replace(microsecond=0),
                "error": False,
                "next_attempt_at": False,
                "attempts": 0,
            }
        )
        facts = {"theirs": sums["theirs_count"], "ours": sums["ours_count"]}
        self._transition(
            "different" if different else "matched",
            facts=facts | {"differences": sums["difference_count"]},
        )
        self.env["hc.work.item"]._open([line._prepare_item() for line in different])
        self._close_items({line._get_item_key() for line in different})

    def _close_items(self, still_open):
        """Close the items of what was different on this day and is not any more."""
        before = (
            self.env["hc.payment.reconciliation.line"]
            .sudo()
            .search(
                [
                    ("provider_id", "=", self.provider_id.id),
                    ("day", "=", self.day),
                    ("reconciliation_id", "!=", self.id),
                    ("result", "in", DIFFERENCES),
                ]
            )
        )
        keys = {line._get_item_key() for line in before} - still_open
        keys.add(self._get_failure_key())
        items_sudo = self.env["hc.work.item"].sudo()
        items_sudo.search(
            [
                ("company_id", "=", self.company_id.id),
                ("dedup_key", "in", list(keys)),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve("fixed")

    def _get_failure_key(self):
        return f"payment_reconciliation:{self.provider_id.id}:failed"


def _read_transaction(transaction_sudo):
    """A transaction of Odoo as a movement."""
    is_refund = transaction_sudo.operation == "refund"
    source = transaction_sudo.source_transaction_id if is_refund else transaction_sudo
    currency = transaction_sudo.currency_id
    return matching.Movement(
        matching.REFUND if is_refund else matching.PAYMENT,
        # One that the provider has given no name to is known there by none.
        transaction_sudo.provider_reference or transaction_sudo.reference,
        source.provider_reference or source.reference,
        Decimal(f"{abs(transaction_sudo.amount):.{currency.decimal_places}f}"),
        currency.name,
        _TRANSACTION_STATUS.get(transaction_sudo.state, matching.FAILED),
    )


def _read_report(row):
    """A report of a payment, as its operation lists it, as a movement."""
    kind = _REPORT_KINDS[row["event"]]
    return matching.Movement(
        kind,
        row["reference"] if kind == matching.PAYMENT else row.get("event_reference") or "",
        row["reference"],
        Decimal(row["amount"]),
        row["currency"],
        _REPORT_STATUS.get(row["state"], matching.PENDING),
    )
