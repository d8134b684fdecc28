# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Sending the charges of instalments, each at most once, and settling what nobody knows."""

import logging
from datetime import timedelta

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

_UNKNOWN_HOURS = 2
# Debits of bank accounts are settled, or returned, within these days.
_PENDING_DAYS = 10
_DECIDERS = ("hc_revenue_base.group_hc_supervisor", "hc_revenue_base.group_hc_finance_manager")
# Charges that are not through: written down, but not answered.
_OPEN_CHARGES = Domain(
    [("hc_instalment_id", "!=", False), ("operation", "=", "offline"), ("state", "=", "draft")]
)


class AnswerLostError(Exception):
    """The provider may have got the request; its answer did not come."""


def is_answer_lost(error):
    """Whether an error of Odoo's payment module leaves open what the provider did.

    Odoo words a time-out, a broken connection and a refusal alike: only the cause tells them
    apart. A server error (5xx) or an answer that cannot be read says nothing of the payment.

    :param Exception error: as raised by ``_send_api_request``
    """
    while error is not None:
        if isinstance(error, requests.exceptions.HTTPError):
            return error.response is None or error.response.status_code >= 500
        if isinstance(error, requests.exceptions.RequestException):
            return True
        error = error.__cause__ or error.__context__
    return False


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    hc_sent_at = fields.Datetime(
        "Handed Over",
        readonly=True,
        copy=False,
        help="Before the provider was asked. Without an answer nobody knows what it did.",
    )
    hc_is_unsent = fields.Boolean(
        "Never Charged",
        readonly=True,
        copy=False,
        help="It was withdrawn before it was sent, or the provider does not know it.",
    )
    hc_is_late = fields.Boolean(
        "Answered Late",
        readonly=True,
        copy=False,
        help="It came through after a person had entered that the provider does not know it.",
    )

    @api.model
    def _get_pending_domain(self):
        """Transactions whose money may still come: to count on, and not to ask for again.

        A transfer that a party announced and never made is not waited for without end; a charge
        of a saved method is, until its answer is known.
        """
        latest = self.env.cr.now() - timedelta(days=_PENDING_DAYS)
        is_fresh = Domain("last_state_change", ">=", latest) | Domain("operation", "=", "offline")
        return (Domain("state", "in", ("pending", "authorized")) & is_fresh) | (
            _OPEN_CHARGES & Domain("hc_sent_at", "!=", False)
        )

    @api.model
    def _send_charges(self):
        """Send what was written down and not sent; give what got no answer to people."""
        commit_progress = self.env["ir.cron"]._commit_progress
        latest = self.env.cr.now() - timedelta(hours=_UNKNOWN_HOURS)
        self.search(_OPEN_CHARGES & Domain("hc_sent_at", "<", latest))._leave_unknown()
        unsent = self.search(_OPEN_CHARGES & Domain("hc_sent_at", "=", False), order="id")
        commit_progress(remaining=len(unsent))
        for charge in unsent:
            if charge._begin_sending():
                commit_progress()
                charge._send_charge()
            if not commit_progress(1):
                break

    def _begin_sending(self):
        """Note that the charge is being sent, or withdraw it where it is not due any more.

        :return: whether it may be sent
        """
        self.ensure_one()
        if self.env["hc.automation"]._is_observing():
            # What a provider did no rollback undoes: an observed run writes down and sends nothing.
            return False
        charge = self.try_lock_for_update(allow_referencing=True)
        if not charge or charge.state != "draft" or charge.hc_sent_at:
            return False
        part = charge.hc_instalment_id.sudo()
        part = part.company_id._at_office(part)
        is_due = part.filtered_domain(part._get_due_domain())
        if not is_due or charge.currency_id.compare_amounts(charge.amount, part.amount_open):
            charge._withdraw_unsent(self.env._("what is due of the instalment has changed"))
            return False
        other = charge._find_other_money()
        if other:
            charge._withdraw_unsent(self.env._("payment %s is under way", other.reference))
            return False
        charge.hc_sent_at = self.env.cr.now()
        return True

    def _find_other_money(self):
        """A payment under way that may pay what is to be charged; or none.

        Charges of other instalments pay those. What is done and not booked yet is not in the
        open amount of the instalment either.
        """
        self.ensure_one()
        part = self.hc_instalment_id.sudo()
        others = part.plan_id.account_id._get_pending_payments()
        others |= part.transaction_ids.filtered_domain(self._get_unposted_domain())
        return (others - self).filtered(
            lambda each: (
                each.operation != "offline" or each.hc_instalment_id in (part, part.browse())
            )
        )[:1]

    def _withdraw_unsent(self, reason):
        """End charges that the provider does not have: their instalments may be charged anew."""
        for charge in self:
            charge._set_canceled(reason)
            charge.hc_is_unsent = True

    def _send_charge(self):
        """Ask the provider to charge, once."""
        self.ensure_one()
        if self.state != "draft":
            return
        try:
            with self.env.cr.savepoint():
                self._charge_with_token()
        except UserError as error:
            self._set_error(str(error))
        except Exception as error:  # noqa: BLE001 - what was sent is not known: a person asks
            _logger.error("charge %s: %s", self.id, type(error).__name__)  # noqa: TRY400
            self._leave_unknown()

    def _send_api_request(self, *args, **kwargs):
        try:
            return super()._send_api_request(*args, **kwargs)
        except ValidationError as error:
            # Odoo and its providers would call it failed, and somebody would charge again.
            if self.hc_instalment_id and self.operation == "offline" and is_answer_lost(error):
                raise AnswerLostError(str(error)) from error
            raise

    def _set_done(self, *, state_message=None, extra_allowed_states=()):
        """A success that comes after a person was told of none is money all the same."""
        late = self.filtered(lambda each: each.hc_is_unsent and each.state == "cancel")
        for charge in late:
            charge.write({"hc_is_unsent": False, "hc_is_late": True})
            charge._open_late_item()
        done = super(PaymentTransaction, late)._set_done(
            state_message=state_message, extra_allowed_states=(*extra_allowed_states, "cancel")
        )
        return done | super(PaymentTransaction, self - late)._set_done(
            state_message=state_message, extra_allowed_states=extra_allowed_states
        )

    def _open_late_item(self):
        part = self.hc_instalment_id.sudo()
        part.plan_id.account_id._open_payment_item(
            "payment_failed",
            f"charge_late:{self.id}",
            self.env._("charge %s came through after all", self.reference),
            self.env._(
                "It was entered as unknown to the provider. The money is booked; look whether "
                "instalment %s was charged again meanwhile, and give back what is too much.",
                part.display_name,
            ),
        )

    def _leave_unknown(self):
        """Charges of which nobody knows whether the provider got them go to a person."""
        for charge in self:
            part = charge.hc_instalment_id.sudo()
            part.plan_id.account_id._open_payment_item(
                "payment_failed",
                f"charge_unknown:{charge.id}",
                self.env._("nothing is known of charge %s", charge.reference),
                self.env._(
                    "Its answer was lost. Ask the provider, and enter what it says at instalment "
                    "%s of the plan. Nobody charges it again until then.",
                    part.display_name,
                ),
            )

    def _resolve_unknown(self):
        """The answer has come after all."""
        keys = [f"charge_unknown:{charge.id}" for charge in self.filtered("hc_instalment_id")]
        items = self.env["hc.work.item"].search(
            [("dedup_key", "in", keys), ("state", "in", ("open", "in_progress"))]
        )
        if items:
            items._resolve("fixed")

    def _enter_answer(self, is_charged, reason, provider_reference=None):
        """Enter what the provider says about a charge of which nothing is known.

        :param bool is_charged: whether it took the money
        :param str reason: who said so, and how
        :param str provider_reference: what the provider calls the payment
        :raise AccessError: the user may not
        :raise UserError: the charge is through, is still being sent, or the reason says nothing
        """
        self.ensure_one()
        if not any(map(self.env.user.has_group, _DECIDERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self.hc_instalment_id,
                "enter_answer",
                self.env._("Supervisors and finance enter what a provider says of a charge."),
                reason="charge_answer",
            )
        self.hc_instalment_id.plan_id.check_access("read")
        charge = self.sudo()
        charge.lock_for_update(allow_referencing=True)
        if charge.state != "draft" or not charge.hc_sent_at:
            raise UserError(self.env._("This charge waits for no answer."))
        if charge.hc_sent_at > self.env.cr.now() - timedelta(hours=_UNKNOWN_HOURS):
            raise UserError(
                self.env._(
                    "The charge was handed over less than %s hours ago and may still be on its "
                    "way. Ask the provider again after that.",
                    _UNKNOWN_HOURS,
                )
            )
        if len((reason or "").strip()) < 10:
            raise UserError(self.env._("Say in a sentence who answered what: the log keeps it."))
        note = self.env._("%(user)s: %(reason)s", user=self.env.user.name, reason=reason.strip())
        if is_charged:
            charge.provider_reference = provider_reference or charge.provider_reference
            charge._set_done(state_message=note)
        else:
            charge._withdraw_unsent(note)
        charge._post_process()
