# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .hc_remittance_screens import WAITING_STATES

# The order in which answers are listed by what became of them.
_ANSWER_STATES = ("matched", "posted", "held", "unmatched", "no_posting", "reversed", "undone")
_TREATMENT_COLUMNS = {
    "allowance": "allowed_off",
    "patient": "moved",
    "denied": "denied",
    "open": "pended",
}


class HcRemittance(models.Model):
    """The proof and the posting as a person reads them."""

    _inherit = "hc.remittance"

    proof_html = fields.Html("Proof", compute="_compute_proof_html", sanitize=False)
    posting_html = fields.Html("What Is Posted", compute="_compute_posting_html", sanitize=False)
    first_difference = fields.Char(compute="_compute_first_difference")

    @api.depends("claim_ids.amount_difference", "claim_ids.proof_note")
    def _compute_first_difference(self):
        """Where the first amount is that does not add up, by the order of the file."""
        answers = self.env["hc.remittance.claim"].sudo()
        for remittance in self:
            first = answers.search(
                [
                    ("remittance_id", "=", remittance.id),
                    "|",
                    ("proof_note", "!=", False),
                    ("amount_difference", "!=", 0),
                ],
                order="sequence",
                limit=1,
            )
            remittance.first_difference = (
                self.env._(
                    "Answer %(number)s to %(claim)s – %(note)s",
                    number=first.sequence,
                    claim=first.patient_control_number or "–",
                    note=first.proof_note
                    or self.env._(
                        "a difference of %(amount)s",
                        amount=first.currency_id.format(first.amount_difference),
                    ),
                )
                if first
                else False
            )

    def _compute_proof_html(self):
        for remittance in self:
            remittance.proof_html = self.env["ir.qweb"]._render(
                "hc_claims.hc_remittance_proof", {"levels": remittance.sudo()._get_proof_levels()}
            )

    def _get_proof_levels(self):
        """The three balances of a remittance, each as an equation with what does not hold."""
        self.ensure_one()
        services, claims = self._get_service_balance(), self._get_claim_balance()
        payment = self._get_payment_balance()
        if not services["count"]:
            return [claims, payment]
        return [services, claims, payment]

    def _get_service_balance(self):
        rows = self.env["hc.remittance.service"]
        domain = [("remittance_claim_id.remittance_id", "=", self.id)]
        charged, paid, count = rows._read_group(
            domain, [], ["amount_charged:sum", "amount_paid:sum", "__count"]
        )[0]
        wrong = rows.search_count([*domain, ("amount_difference", "!=", 0)])
        adjusted = self._sum_adjustments([("service_id", "!=", False)])
        return self._prepare_level(
            self.env._("Service Lines"),
            [(self.env._("Charged"), charged), (self.env._("Adjusted"), adjusted)],
            (self.env._("Paid on Services"), paid),
            count,
            wrong,
        )

    def _get_claim_balance(self):
        charged, paid = self.env["hc.remittance.claim"]._read_group(
            [("remittance_id", "=", self.id)], [], ["amount_charged:sum", "amount_paid:sum"]
        )[0]
        return self._prepare_level(
            self.env._("Claims"),
            [
                (self.env._("Charged"), charged),
                (self.env._("Adjusted"), self._sum_adjustments([])),
            ],
            (self.env._("Paid on Claims"), paid),
            self.claim_count,
            self.unproven_count,
            self.first_difference,
        )

    def _get_payment_balance(self):
        return self._prepare_level(
            self.env._("Payment"),
            [
                (self.env._("Paid on Claims"), self.amount_claims),
                (self.env._("Provider Adjustments"), self.amount_provider_adjustments),
            ],
            (self.env._("Payment"), self.payment_amount),
        )

    def _sum_adjustments(self, domain):
        return self.env["hc.remittance.adjustment"]._read_group(
            [("remittance_id", "=", self.id), *domain], [], ["amount:sum"]
        )[0][0]

    def _prepare_level(self, name, terms, result, count=None, wrong=0, first=False):
        """One equation: the first term less the second is the result."""
        currency = self.currency_id
        (first_label, minuend), (second_label, subtrahend) = terms
        expected = currency.round((minuend or 0.0) - (subtrahend or 0.0))
        found = result[1] or 0.0
        difference = currency.round(expected - found)
        return {
            "name": name,
            "terms": [
                (first_label, currency.format(minuend or 0.0)),
                (second_label, currency.format(subtrahend or 0.0)),
            ],
            "result": (result[0], currency.format(found)),
            "expected": currency.format(expected),
            "difference": currency.format(difference) if difference else "",
            "count": count,
            "wrong": wrong,
            "is_proven": not wrong and not difference,
            "first": first,
        }

    def _compute_posting_html(self):
        for remittance in self:
            remittance.posting_html = self.env["ir.qweb"]._render(
                "hc_claims.hc_remittance_posting", remittance.sudo()._get_posting_table()
            )

    def _get_posting_table(self):
        """What becomes of the answers, by their state; of those to post, what they say."""
        self.ensure_one()
        names = ("amount_charged", "amount_paid", "amount_allowed_off")
        names += ("amount_moved", "amount_denied", "amount_pended")
        columns = ("charged", "paid", "allowed_off", "moved", "denied", "pended")
        by_state = {
            state: {"count": count, **dict(zip(columns, sums, strict=True))}
            for state, count, *sums in self.env["hc.remittance.claim"]._read_group(
                [("remittance_id", "=", self.id)],
                ["state"],
                ["__count", *(f"{name}:sum" for name in names)],
            )
        }
        if "matched" in by_state:
            by_state["matched"] |= self._get_expected("matched")
        labels = dict(self.env["hc.remittance.claim"]._get_lifecycle("state").selection())
        if "matched" in labels:
            labels["matched"] = self.env._("To post")
        rows = [
            {
                "state": state,
                "label": labels[state],
                "count": by_state[state]["count"],
                "is_waiting": state in WAITING_STATES,
                "amounts": [
                    self.currency_id.format(by_state[state][name])
                    if not self.currency_id.is_zero(by_state[state][name])
                    else ""
                    for name in columns
                ],
            }
            for state in _ANSWER_STATES
            if state in by_state
        ]
        return {
            "rows": rows,
            "adjustments": [
                (
                    " ".join(filter(None, (row.reason_code, row.reference))),
                    dict(row._fields["ledger_use"]._description_selection(self.env)).get(
                        row.ledger_use, ""
                    ),
                    self.currency_id.format(row.amount),
                )
                for row in self.provider_adjustment_ids
            ],
            "is_ahead": self.state in ("received", "held", "proven"),
        }

    def _get_expected(self, state):
        """What answers of a state say that they allow, move and deny."""
        sums = dict(
            self.env["hc.remittance.adjustment"]._read_group(
                [("remittance_id", "=", self.id), ("remittance_claim_id.state", "=", state)],
                ["treatment"],
                ["amount:sum"],
            )
        )
        return {column: sums.get(name, 0.0) for name, column in _TREATMENT_COLUMNS.items()}
