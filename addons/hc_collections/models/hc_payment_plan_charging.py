# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How instalments are charged to a saved payment method.

A charge is written down, then noted as handed over, then sent, each committed before the next. So
a worker that dies leaves either a charge that was not sent, which the next run sends, or one of
which nobody knows whether the provider got it: that one is never sent again by itself.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..hc_dunning_core.holds import CONTACT, HOLD_KINDS

# The plan's own hold, and that of a promise to pay, stop letters and not the payment.
_OWN_HOLDS = ("plan", "promise")


class HcPaymentPlanInstalment(models.Model):
    _inherit = "hc.payment.plan.instalment"

    @api.model
    def _get_unheld_domain(self, harmless):
        """Instalments of accounts under no hold that stops every contact, but for some kinds.

        Bankruptcy stays every act to collect (11 U.S.C. 362(a)); death, a request to stop and a
        pending application end the consent to charge at least until a person has looked.
        """
        kinds = {kind.code for kind in HOLD_KINDS.values() if CONTACT in kind.stops}
        stopping = [("state", "=", "active"), ("kind", "in", sorted(kinds.difference(harmless)))]
        return Domain("plan_id.account_id.hold_ids", "not any", stopping)

    @api.model
    def _get_due_domain(self):
        """Instalments that a saved payment method may be charged with today."""
        pending = self.env["payment.transaction"]._get_pending_domain()
        return self._get_unheld_domain(_OWN_HOLDS) & Domain(
            [
                ("due_on", "<=", fields.Date.context_today(self)),
                ("amount_open", ">", 0),
                ("plan_id.state", "=", "active"),
                ("plan_id.pay_by", "=", "token"),
                ("transaction_ids", "not any", pending & Domain("operation", "!=", "offline")),
            ]
        )

    @api.model
    def _get_charge_domain(self):
        """Instalments to charge today: due, and not charged before."""
        charged = [("operation", "=", "offline"), ("hc_is_unsent", "=", False)]
        return self._get_due_domain() & Domain("transaction_ids", "not any", charged)

    @api.model
    def _cron_charge(self):
        """Scheduled Action: charge saved payment methods with what is due."""
        self._run_at_offices(lambda parts: parts._get_charge_domain(), "_prepare_charge")
        self.env["payment.transaction"]._send_charges()

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

    def action_open_charge(self):
        """Say what the provider answered about a charge of which nothing is known."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Charge of %s", self.display_name),
            "res_model": "hc.payment.charge.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_instalment_id": self.id},
        }
