# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import UserError, ValidationError

# Whoever acts with one of these could change what bounds the border, or see everything.
_TOO_MUCH = (
    "base.group_system",
    "base.group_erp_manager",
    "hc_revenue_base.group_hc_administrator",
    "hc_revenue_base.group_hc_compliance",
)
_LIVE_STATES = ("active", "paused")


class HcIntegrationSource(models.Model):
    """A connected system is one system: with rights, and a secret, that are its own."""

    _inherit = "hc.integration.source"

    @api.constrains("user_id")
    def _check_user_is_bounded(self):
        for source in self.filtered("user_id"):
            user_sudo = source.user_id.sudo()
            if any(map(user_sudo.has_group, _TOO_MUCH)):
                raise ValidationError(
                    self.env._(
                        "%(user)s may configure or see too much: a connected system acts with "
                        "least privilege. Create a user with the role Integration User.",
                        user=user_sudo.name,
                    )
                )

    @api.constrains("secret_id", "state")
    def _check_secret_is_own(self):
        """What one system signed would be taken from another: no signature names its address."""
        for source in self.filtered(lambda each: each.secret_id and each.state in _LIVE_STATES):
            other = self.sudo().search(
                [
                    ("secret_id", "=", source.secret_id.id),
                    ("id", "!=", source.id),
                    ("state", "in", _LIVE_STATES),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(other)s has this secret already: each system has one of its own, or "
                        "it could speak for the other.",
                        other=other.name,
                    )
                )

    def _check_user_at_work(self):
        """Whether there is somebody in whose name its documents are taken.

        The address of the system is shut without; its folders and its FHIR server are with it.

        :raise UserError: its user or company was archived
        """
        self.ensure_one()
        user_sudo, company_sudo = self.user_id.sudo(), self.company_id.sudo()
        if user_sudo.active and company_sudo.active:
            return
        raise UserError(
            self.env._(
                "%(name)s acts as a user, or for a company, that was archived: nothing is taken "
                "or written in that name. Choose another user, or retire the system.",
                name=self.name,
            )
        )
