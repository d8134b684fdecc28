# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

# States in which a remittance of the same payment stands for the payment.
_STANDING = ("received", "held", "proven", "posting", "posted", "undoing")
_NO_MONEY = "NON"
_NOTIFICATION_ONLY = "H"


class HcRemittance(models.Model):
    """The controls before anything is posted: does it add up, is it ours, is it new?"""

    _inherit = "hc.remittance"

    def _prove(self):
        """Decide whether the remittance may be posted; what may not is held with its reasons."""
        self.ensure_one()
        duplicate = self._find_duplicate()
        is_same = duplicate and duplicate.content_digest == self.content_digest
        if is_same and duplicate.state != "undoing":
            self._write_guarded({"duplicate_of_id": duplicate.id})
            self._transition(
                "ignored",
                reason=self.env._("the same remittance as %(name)s", name=duplicate.name),
                facts={"same_as": duplicate.id},
            )
            return
        reasons = [
            *self._get_balance_objections(),
            *self._get_identity_objections(),
        ]
        if duplicate:
            self._write_guarded({"duplicate_of_id": duplicate.id})
            reasons.append(self._get_duplicate_objection(duplicate))
        self._match_claims()
        if reasons:
            self._hold("\n".join(reasons))
        else:
            self._transition("proven", facts=self._get_proof_facts())

    def _get_duplicate_objection(self, duplicate):
        values = {"trace": self.trace_number or "", "name": duplicate.name}
        if duplicate.state == "undoing":
            return self.env._(
                "The payment %(trace)s came before as %(name)s, which is being undone. Prove it "
                "again when that is through.",
                **values,
            )
        return self.env._(
            "The payment %(trace)s came before as %(name)s, with other content.", **values
        )

    def _get_balance_objections(self):
        if not self.is_readable:
            return [self.env._("An amount that the total is made of cannot be read.")]
        objections = []
        if self.payment_amount < 0:
            # 835 X221A1, BPR02: may be zero, is never less. What a payer wants back it defers by
            # PLB, or asks for by letter.
            objections.append(
                self.env._(
                    "The payment is below zero, which no remittance can be. Ask the payer for a "
                    "corrected one, or how it wants its money."
                )
            )
        if not self._is_balanced():
            objections.append(
                self.env._(
                    "It does not add up: paid on claims %(claims)s − provider adjustments "
                    "%(adjustments)s ≠ payment %(payment)s.",
                    claims=self.currency_id.format(self.amount_claims),
                    adjustments=self.currency_id.format(self.amount_provider_adjustments),
                    payment=self.currency_id.format(self.payment_amount),
                )
            )
        if self.unproven_count and self.payer_id.unproven_policy != "claim":
            objections.append(
                self.env._(
                    "%(count)s claim(s) do not add up; the payer's setting holds the whole.",
                    count=self.unproven_count,
                )
            )
        return objections

    def _get_identity_objections(self):
        objections = []
        if not self.payer_id:
            objections.append(
                self.env._(
                    "No payer of %(company)s has the identifier %(identifier)s or the name "
                    "“%(name)s”. Pick the payer, or add the identifier to it.",
                    company=self.company_id.name,
                    identifier=self.payer_identifier or "–",
                    name=self.payer_name or "–",
                )
            )
        if self.currency_code and self.currency_code != self.currency_id.name:
            objections.append(
                self.env._(
                    "It pays in %(currency)s, the books are in %(company_currency)s.",
                    currency=self.currency_code,
                    company_currency=self.currency_id.name,
                )
            )
        if self.payee_npi and not self._is_payee_ours():
            objections.append(
                self.env._(
                    "It is addressed to %(payee)s (NPI %(npi)s), which is no facility of "
                    "%(company)s.",
                    payee=self.payee_name or "–",
                    npi=self.payee_npi,
                    company=self.company_id.name,
                )
            )
        if not self.payment_date:
            objections.append(self.env._("The date of the payment (BPR16) is missing."))
        return objections

    def _is_payee_ours(self):
        return bool(
            self.env["hc.facility"]
            .sudo()
            .with_context(active_test=False)
            .search_count(
                [("company_id", "=", self.company_id.id), ("npi", "=", self.payee_npi)], limit=1
            )
        )

    def _find_duplicate(self):
        """An earlier remittance of the same payment, or of the same file content."""
        return self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("state", "in", _STANDING),
                ("originator_identifier", "=", self.originator_identifier),
                ("trace_number", "=", self.trace_number),
                ("payment_amount", "=", self.payment_amount),
                ("payment_date", "=", self.payment_date),
            ],
            limit=1,
            order="id",
        )

    def _get_proof_facts(self):
        places = self.currency_id.decimal_places
        return {
            "claims": self.claim_count,
            "paid_on_claims": f"{self.amount_claims:.{places}f}",
            "provider_adjustments": f"{self.amount_provider_adjustments:.{places}f}",
            "payment": f"{self.payment_amount:.{places}f}",
            "trace": self.trace_number or "",
            "digest": self.content_digest or "",
        }

    def _hold(self, reason):
        """Put the remittance aside with a reason and a work item."""
        self.ensure_one()
        self._write_guarded({"hold_reason": reason})
        self._transition("held", reason=reason)
        self.env["hc.work.item"]._open([self._prepare_held_item_vals(reason)])

    def _prepare_held_item_vals(self, reason):
        """Values of the work item of a held remittance; who looks at it may depend on the payer."""
        return {
            "kind": "remittance_held",
            "queue_code": "billing",
            "dedup_key": f"remittance_held:{self.id}",
            "name": self.env._(
                "Remittance %(trace)s of %(payer)s is held",
                trace=self.trace_number or self.name,
                payer=self.payer_id.name or self.payer_name or "–",
            ),
            "description": reason,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def action_prove_again(self):
        """Run the controls again, after a payer or a facility was corrected."""
        self.check_access("write")
        for remittance in self.sudo():
            if remittance.state != "held":
                raise UserError(self.env._("%(name)s is not held.", name=remittance.name))
            remittance._prove_again()

    def _prove_again(self):
        self._lock_for_transition(["state"])
        reasons = [
            *self._get_balance_objections(),
            *self._get_identity_objections(),
        ]
        duplicate = self._find_duplicate()
        if duplicate:
            reasons.append(self.env._("The payment came before as %(name)s.", name=duplicate.name))
        if reasons:
            self._write_guarded({"hold_reason": "\n".join(reasons)})
            return
        self._match_claims()
        self._write_guarded({"hold_reason": False})
        self._transition("proven", facts=self._get_proof_facts())
        self._resolve_item("remittance_held")

    def _is_balanced(self):
        return self.currency_id.is_zero(
            self.amount_claims - self.amount_provider_adjustments - self.payment_amount
        )

    def _resolve_item(self, kind):
        self.env["hc.work.item"].sudo().search(
            [("dedup_key", "=", f"{kind}:{self.id}"), ("state", "in", ("open", "in_progress"))]
        )._resolve("fixed")

    def action_ignore(self):
        """Put a remittance aside that is not ours or was sent in error."""
        self.check_access("write")
        self._check_sees_all_answers()
        self.sudo()._transition("ignored", reason=self.env._("put aside by a person"))
        for remittance in self.sudo():
            remittance._resolve_item("remittance_held")

    @api.model
    def _moves_money(self, remittance):
        return (
            remittance.payment_method != _NO_MONEY
            and remittance.handling_code != _NOTIFICATION_ONLY
        )

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)
