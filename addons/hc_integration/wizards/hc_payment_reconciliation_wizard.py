# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_webhook_core import payment_matching as matching
from ..models.hc_payment_reconciliation_run import CATCH_UP_DAYS


class HcPaymentReconciliationWizard(models.TransientModel):
    """Reconcile some days now, of every live provider of the company."""

    _name = "hc.payment.reconciliation.wizard"
    _description = "Reconcile Payments"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, readonly=True
    )
    day_from = fields.Date("From", required=True, default=lambda self: self._get_last_day())
    day_to = fields.Date("To", required=True, default=lambda self: self._get_last_day())

    @api.model
    def _get_last_day(self):
        zone = ZoneInfo(self.env.company._get_office_timezone())
        now = self.env.cr.now().replace(tzinfo=timezone.utc)
        return matching.last_whole_day(now, zone, timedelta())

    def action_reconcile(self):
        """Begin the days; the Scheduled Action asks the provider at once."""
        self.ensure_one()
        runs = self.env["hc.payment.reconciliation"]
        runs._check_may_reconcile()
        count = (self.day_to - self.day_from).days + 1
        if not 1 <= count <= CATCH_UP_DAYS or self.day_to > self._get_last_day():
            raise UserError(
                self.env._(
                    "Choose 1 to %(count)s days that are over, the first one first.",
                    count=CATCH_UP_DAYS,
                )
            )
        providers_sudo = (
            self.env["payment.provider"]
            .sudo()
            .search([("company_id", "=", self.env.company.id)])
            .filtered(lambda provider: provider._can_be_reconciled())
        )
        if not providers_sudo:
            raise UserError(
                self.env._(
                    "%(company)s has no live payment provider that can be asked what it moved. "
                    "Enable Stripe with its keys first.",
                    company=self.env.company.name,
                )
            )
        days = [self.day_from + timedelta(days=number) for number in range(count)]
        begun = runs.browse()
        for provider in providers_sudo:
            begun |= runs._begin(provider, days)
        runs._wake()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_payment_reconciliation_action"
        )
        return action | {"domain": [("id", "in", begun.ids)], "context": {}, "target": "main"}
