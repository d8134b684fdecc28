# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What people decide about a credit; each decision is on record, none of them moves the amount."""

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.ledger_acts import LEDGER_ACTS

from ..hc_claim_core.credits import CAUSES
from ..lifecycles import OPEN_CREDIT_STATES

_REFUSED_STATES = ("rejected", "void", "expired")
# 42 CFR 401.305(f): what was received longer ago is not reported.
_LOOKBACK_YEARS = 6


class HcCreditBalance(models.Model):
    _inherit = "hc.credit.balance"

    def _begin_decision(self, note, ends=None):
        """Check that the user may decide about an open credit, and hold it.

        :param str ends: the state that the decision ends; a refund that is requested is ended by
            those who decide about it, an investigation by its conclusion
        :return: the record with the rights to write what is decided
        """
        self.ensure_one()
        self.check_access("write")
        if len((note or "").strip()) < 5:
            raise UserError(self.env._("Say in a sentence why: the audit log keeps it."))
        credit = self.sudo()
        credit._lock_for_transition(["state", "amount"])
        if credit.state not in OPEN_CREDIT_STATES:
            raise UserError(self.env._("%(credit)s is resolved.", credit=credit.name))
        if ends and credit.state != ends:
            raise UserError(
                self.env._(
                    "%(credit)s is in state “%(state)s”: there is nothing to conclude or to take "
                    "back.",
                    credit=credit.name,
                    state=credit._get_lifecycle("state").label(credit.state),
                )
            )
        return credit

    def _choose_cause(self, cause, note):
        """Say why the credit came about."""
        credit = self._begin_decision(note)
        if cause not in dict(CAUSES):
            raise UserError(self.env._("Choose a cause."))
        credit._write_guarded({"cause": cause, "cause_user_id": self.env.uid})
        credit._log_decision(
            reason=note, facts={"cause": cause, "proposed": credit.proposed_cause or ""}
        )

    def _set_identified(self, day, note):
        """Say that the office knew earlier; later is refused, for the clock never goes back."""
        credit = self._begin_decision(note)
        if not day or day > credit.identified_on:
            raise UserError(
                self.env._(
                    "The credit was known on %(day)s. An earlier day can be set, no later one.",
                    day=credit.identified_on,
                )
            )
        if day < credit.found_on - relativedelta(years=_LOOKBACK_YEARS):
            raise UserError(
                self.env._(
                    "%(day)s is more than %(years)s years before the credit was found. Check the "
                    "year.",
                    day=day,
                    years=_LOOKBACK_YEARS,
                )
            )
        previous = credit.identified_on
        credit._set_clock(identified_on=day)
        credit._log_decision(reason=note, facts={"identified": str(day), "before": str(previous)})

    def _investigate(self, note):
        """Begin a good-faith investigation for related overpayments: it suspends the clock once.

        42 CFR 401.305(b)(3); the note says what is investigated.
        """
        credit = self._begin_decision(note)
        today = fields.Date.context_today(self)
        if credit.suspended_on:
            raise UserError(self.env._("The clock was suspended before; it is once only."))
        if credit.deadline and credit.deadline < today:
            raise UserError(
                self.env._("The last day has passed: an investigation does not suspend it now.")
            )
        if credit.suspension_days:
            credit._set_clock(suspended_on=today)
        credit._transition(
            "investigating", reason=note, facts={"suspends": bool(credit.suspension_days)}
        )

    def _conclude(self, note):
        """Conclude the investigation: the clock runs on with the days that are left."""
        credit = self._begin_decision(note, ends="investigating")
        credit._end_suspension()
        credit._transition("open", reason=note, facts={"deadline": str(credit.deadline or "")})

    def _end_suspension(self):
        """Let the clock run on; an investigation that was concluded before stays so."""
        today = fields.Date.context_today(self)
        for credit in self:
            if credit.suspended_on and not credit.suspension_ended_on:
                credit._set_clock(suspension_ended_on=today)

    def _on_state_refund_requested(self, previous):
        """Whoever returns the money has found out enough."""
        self._end_suspension()

    def _on_state_offset(self, previous):
        self._end_suspension()

    def _on_state_resolved(self, previous):
        self._end_suspension()

    def _expect_offset(self, adjustment, note):
        """The payer takes it back itself; the provider adjustment that says so is named."""
        credit = self._begin_decision(note)
        if adjustment and adjustment.sudo().payer_id != credit.payer_id:
            raise UserError(self.env._("This adjustment is another payer's."))
        credit._write_guarded({"adjustment_id": adjustment.id})
        credit._transition("offset", reason=note, facts={"adjustment": adjustment.id or 0})

    def _reconsider(self, note):
        """The payer did not take it, or will not."""
        credit = self._begin_decision(note, ends="offset")
        credit._write_guarded({"adjustment_id": False})
        credit._transition("open", reason=note)

    def _record_correction(self, note):
        """Say which posting was corrected; the credit is resolved when the ledger agrees."""
        credit = self._begin_decision(note)
        credit._write_guarded({"correction_note": note})
        credit._log_decision(reason=note, facts={"corrected": True})
        credit._refresh()

    def _request_refund(self, amount, case=None, *, idempotency_key, **values):
        """Request the refund of a credit as the controlled action of its case.

        :param float amount: not more than the credit
        :param case: of whose account it is refunded, where the credit is on none
        :param values: ``reason_code_id``, ``justification``, ``evidence``
        :return: the controlled action
        :raise UserError: the credit is of an answer that is not posted, has no case, is smaller, or
            is about to be refunded
        """
        credit = self._begin_decision(values.get("justification"))
        if credit.state == "refund_requested":
            raise UserError(
                self.env._(
                    "A refund of %(credit)s is requested already. Wait for it, or withdraw it.",
                    credit=credit.name,
                )
            )
        if credit.source == "answer":
            raise UserError(
                self.env._(
                    "The money of %(credit)s is not on an account yet: take the answer in as a "
                    "credit, or settle it otherwise.",
                    credit=credit.name,
                )
            )
        case = (credit.case_id or case or credit.case_id).with_env(self.env)
        if not case:
            raise UserError(self.env._("Choose the case of whose account it is refunded."))
        kind = "refund_patient" if credit.responsibility == "patient" else "refund_payer"
        party = credit._get_refund_party(kind, case)
        credit._transition("refund_requested", reason=values.get("justification"))
        action = case._request_adjustment(
            kind,
            party,
            amount,
            idempotency_key=idempotency_key,
            parameters={"credit_id": credit.id},
            **values,
        )
        credit._write_guarded({"action_ids": [(4, action.id)]})
        credit._refresh()
        credit._release_refused()
        return action

    def _get_refund_party(self, kind, case):
        """As which party of the case the partner is paid whose money it is.

        :raise UserError: the case is not theirs
        """
        self.ensure_one()
        parties = [self.responsibility] if self.case_id else LEDGER_ACTS[kind].responsibilities
        for party in parties:
            if case._get_party(party) == self.partner_id:
                return party
        raise UserError(
            self.env._(
                "%(credit)s is money of %(partner)s, who is no party of %(case)s. "
                "Choose a case of theirs.",
                credit=self.name,
                partner=self.partner_id.name,
                case=case.name,
            )
        )

    def _check_refundable(self, amount):
        """Whether the credit, as the ledger shows it now, is as large as what is to be refunded.

        :raise UserError: it is smaller
        """
        self.ensure_one()
        self._refresh()
        if self.currency_id.compare_amounts(amount, self.amount) > 0:
            raise UserError(
                self.env._(
                    "%(credit)s comes to %(available)s, less than the %(amount)s to refund.",
                    credit=self.name,
                    available=self.currency_id.format(self.amount),
                    amount=self.currency_id.format(amount),
                )
            )

    def _release_refused(self):
        """A credit of which no refund waits any more is open again: none was done, or a part."""
        for credit in self.filtered(lambda credit: credit.state == "refund_requested"):
            if not credit.action_ids.filtered(lambda action: action.state == "pending"):
                credit._transition("open", reason=self.env._("no refund is pending any more"))

    def action_refresh(self):
        """Read the ledger again now."""
        self.check_access("write")
        open_ = self.sudo().filtered(lambda credit: credit.state in OPEN_CREDIT_STATES)
        open_._refresh()
        open_._release_refused()

    def action_open_decision(self):
        """Ask what is decided; the button's context says which decision."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide About %(credit)s", credit=self.name),
            "res_model": "hc.credit.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {**self.env.context, "default_credit_id": self.id},
        }

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        return self._open_form(self.case_id)

    def action_open_answer(self):
        """Open the held answer."""
        self.ensure_one()
        return self._open_form(self.answer_id)

    def action_open_actions(self):
        """Open the refunds that were requested."""
        self.ensure_one()
        return self.action_ids._get_records_action()

    def _open_form(self, record):
        if not record:
            raise UserError(self.env._("There is nothing to open."))
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }


class HcControlledAction(models.Model):
    """A refund that is done resolves the credit that it was asked for; a refused one frees it."""

    _inherit = "hc.controlled.action"

    def _apply(self):
        result = super()._apply()
        credits_ = self._get_open_credits()
        if credits_:
            credits_._refresh()
            credits_._release_refused()
        return result

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if field_name == "state" and target in _REFUSED_STATES:
            self._get_open_credits()._release_refused()
        return result

    def _get_open_credits(self):
        """Credits of which these refunds were requested."""
        return (
            self.env["hc.credit.balance"]
            .sudo()
            .search([("action_ids", "in", self.ids), ("state", "in", OPEN_CREDIT_STATES)])
        )

    def _get_refunded_credit(self):
        """The credit that a refund was requested for, if it was for one."""
        self.ensure_one()
        credit_id = (self.parameters or {}).get("credit_id", 0)
        return self.env["hc.credit.balance"].sudo().browse(credit_id).exists()


class HcBillingCase(models.Model):
    """Money that a remittance brought and that settles nothing can be refunded as well."""

    _inherit = "hc.billing.case"

    open_credit_count = fields.Integer("Open Credits", compute="_compute_open_credit_count")

    def _compute_open_credit_count(self):
        counts = dict(
            self.env["hc.credit.balance"]._read_group(
                [("case_id", "in", self.ids), ("state", "in", OPEN_CREDIT_STATES)],
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.open_credit_count = counts.get(case, 0)

    def action_open_credits(self):
        """Open the credits of the case."""
        self.ensure_one()
        credits_ = self.env["hc.credit.balance"].search([("case_id", "=", self.id)])
        return credits_._get_records_action(name=self.env._("Credits of %(case)s", case=self.name))

    def _get_credit_items(self, responsibility):
        items = super()._get_credit_items(responsibility)
        of_remittances = (
            self.env["account.move.line"]
            .sudo()
            .search(
                self._get_receivable_domain()
                & Domain("hc_case_id", "=", self.id)
                & Domain("hc_responsibility", "=", responsibility)
                & Domain("amount_residual", "<", 0)
                & Domain("hc_remittance_claim_id", "!=", False),
                order="date, id",
            )
        )
        # What is on the case comes before money that is on none: that is somebody else's to place.
        found = (items | of_remittances).sorted(lambda item: item.hc_case_id != self)
        return found.filtered(lambda item: item.account_id == found[0].account_id)

    def _get_refund_items(self, action):
        items = super()._get_refund_items(action)
        asked = action._get_refunded_credit().item_id
        found = asked | items
        return found.filtered(lambda item: item.account_id == found[0].account_id)

    def _check_adjustment(self, action):
        result = super()._check_adjustment(action)
        credit = action._get_refunded_credit()
        if credit:
            credit._check_refundable(action.amount)
        return result

    def _get_refund_journal(self, overpaid):
        """A remittance is posted by a general journal, which pays nothing out: the bank does."""
        journal = super()._get_refund_journal(overpaid)
        if journal.type in ("bank", "cash"):
            return journal
        banks = self.env["account.journal"].search(
            [("company_id", "=", self.company_id.id), ("type", "=", "bank")], order="sequence, id"
        )
        return banks.filtered("outbound_payment_method_line_ids")[:1] or journal
