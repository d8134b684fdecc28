# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How instalments are collected: by a saved payment method, or by a payment link.

A charge is written down and committed before it is sent, and sent once: where the answer was lost,
a person asks the provider. No instalment is charged twice.
"""

import logging
from datetime import timedelta

from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.payment.utils import generate_access_token

from ..hc_dunning_core.holds import CONTACT, HOLD_KINDS

_logger = logging.getLogger(__name__)

_LINK_DAYS = 5
_LOST_HOURS = 2
# The plan's own hold, and that of a promise to pay, stop letters and not the payment.
_OWN_HOLDS = ("plan", "promise")


class HcPaymentPlanInstalment(models.Model):
    _inherit = "hc.payment.plan.instalment"

    @api.model
    def _get_charge_domain(self):
        """Instalments to charge today: due, open, never charged, and under no hold but the plan's.

        Bankruptcy stays every act to collect (11 U.S.C. 362(a)); death, a request to stop and a
        pending application end the consent to charge at least until a person has looked.
        """
        kinds = {kind.code for kind in HOLD_KINDS.values() if CONTACT in kind.stops}
        stopping = [("state", "=", "active"), ("kind", "in", sorted(kinds.difference(_OWN_HOLDS)))]
        return [
            ("plan_id.account_id.hold_ids", "not any", stopping),
            ("due_on", "<=", fields.Date.context_today(self)),
            ("amount_open", ">", 0),
            ("plan_id.state", "=", "active"),
            ("plan_id.pay_by", "=", "token"),
            ("charge_ids", "=", False),
        ]

    @api.model
    def _cron_charge(self):
        """Scheduled Action: charge saved payment methods with what is due."""
        begun_at = self.env.cr.now()
        self._run_in_batches(self._get_charge_domain(), "_prepare_charge")
        charges = self.env["payment.transaction"].search(
            [
                ("hc_instalment_id", "!=", False),
                ("state", "=", "draft"),
                ("operation", "=", "offline"),
            ],
            order="id",
        )
        fresh = charges.filtered(lambda charge: charge.create_date >= begun_at)
        charges.filtered(
            lambda charge: charge.create_date < begun_at - timedelta(hours=_LOST_HOURS)
        )._leave_lost()
        for charge in fresh:
            charge._send_charge()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _prepare_charge(self):
        """Write down what is to be charged; where that cannot be, tell a person."""
        for part in self:
            plan = part.plan_id.sudo()
            try:
                plan._check_token()
            except UserError as error:
                part._open_charge_item(str(error))
                continue
            token = plan.token_id
            self.env["payment.transaction"].sudo().create(
                {
                    "provider_id": token.provider_id.id,
                    "payment_method_id": token.payment_method_id.id,
                    "reference": self.env["payment.transaction"]._compute_reference(
                        token.provider_id.code, prefix=part.display_name.replace(" ", "-")
                    ),
                    "amount": part.amount_open,
                    "currency_id": part.currency_id.id,
                    "partner_id": token.partner_id.id,
                    "token_id": token.id,
                    "operation": "offline",
                    "hc_instalment_id": part.id,
                }
            )

    def _open_charge_item(self, why):
        account = self.plan_id.sudo().account_id
        account._open_payment_item(
            "payment_failed",
            f"charge_failed:{self.id}",
            self.env._("instalment %s was not charged", self.display_name),
            why,
        )

    def _get_payment_link(self):
        """The address at which the party pays what is open of the instalment."""
        self.ensure_one()
        plan = self.plan_id.sudo()
        partner, currency = plan.account_id.partner_id, plan.currency_id
        amount = self.amount_open
        query = {
            "reference": self.display_name.replace(" ", "-"),
            "amount": amount,
            "currency_id": currency.id,
            "partner_id": partner.id,
            "company_id": plan.company_id.id,
            "access_token": generate_access_token(
                partner.id, amount, currency.id, env=self.sudo().env
            ),
        }
        return f"{plan.get_base_url()}/payment/pay?{url_encode(query)}"

    @api.model
    def _cron_send_links(self):
        """Scheduled Action: send the payment links of what is due soon."""
        soon = fields.Date.context_today(self) + timedelta(days=_LINK_DAYS)
        self._run_in_batches(
            [
                ("due_on", "<=", soon),
                ("amount_open", ">", 0),
                ("plan_id.state", "=", "active"),
                ("plan_id.pay_by", "=", "link"),
            ],
            "_send_link",
        )

    def _send_link(self):
        """Queue a message with the payment link, once per instalment and open amount."""
        vals_list = []
        for part in self:
            account = part.plan_id.sudo().account_id
            link, amount = part._get_payment_link(), part.currency_id.format(part.amount_open)
            lang = account.partner_id.lang or self.env.lang
            words = self.with_context(lang=lang).env
            vals_list.append(
                {
                    "account_id": account.id,
                    "key": f"plan_link:{part.id}:{part.amount_open:.2f}",
                    "channel": "email",
                    "purpose": "plan",
                    "language": lang,
                    "address": account.partner_id.email,
                    "subject": words._("Your payment of %s", amount),
                    "body": words._(
                        "%(amount)s of your payment plan is due on %(day)s. Pay it here: %(link)s",
                        amount=amount,
                        day=fields.Date.to_string(part.due_on),
                        link=link,
                    ),
                }
            )
        return self.env["hc.contact"]._record(vals_list)

    def action_send_link(self):
        """Send the payment link of an open instalment now."""
        self.ensure_one()
        plan = self.plan_id
        plan.account_id.check_access("write")
        if plan.state != "active" or not self.amount_open:
            raise UserError(self.env._("Nothing of this instalment is to pay now."))
        self._send_link()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The payment link is on its way."),
            },
        }


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

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
            self._leave_lost()

    def _leave_lost(self):
        """Charges of which nobody knows whether the provider got them."""
        for charge in self:
            charge.hc_instalment_id._open_charge_item(
                self.env._(
                    "The answer to charge %s was lost. Ask the provider before anybody charges "
                    "again.",
                    charge.reference,
                )
            )
