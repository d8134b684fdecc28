# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HcIntegrationSource(models.Model):
    """The connected system that stands for a payment provider of Odoo."""

    _inherit = "hc.integration.source"

    payment_provider_id = fields.Many2one(
        "payment.provider",
        ondelete="restrict",
        tracking=True,
        help="The provider in Odoo whose payments this system reports: with it payments are "
        "matched and reconciled. Empty: the only provider's, where the company has one such "
        "system.",
    )

    @api.constrains("payment_provider_id", "company_id")
    def _check_payment_provider(self):
        for source in self:
            provider_sudo = source.payment_provider_id.sudo()
            if provider_sudo and provider_sudo.company_id != source.company_id:
                raise ValidationError(
                    self.env._(
                        "%(provider)s is another company's provider. Choose one of %(company)s.",
                        provider=provider_sudo.name,
                        company=source.company_id.sudo().name,
                    )
                )


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    def _get_payment_system(self):
        """The connected system that reports the payments of this provider, as sudo; or none."""
        self.ensure_one()
        systems_sudo = (
            self.env["hc.integration.source"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("kind", "=", "payment"),
                    ("state", "=", "active"),
                    ("payment_provider_id", "in", (False, self.id)),
                ]
            )
        )
        own = systems_sudo.filtered("payment_provider_id")
        found = own or systems_sudo
        return found if len(found) == 1 else found.browse()
