# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError


class HcExchange(models.Model):
    """Documents that wait are taken in as long as their sender is still one."""

    _inherit = "hc.exchange"

    @api.model
    def _check_may_import(self):
        """Whether the user may bring documents in, still: a user is archived when a key leaked.

        :raise UserError: the user was archived; the document waits, and fails in the end
        """
        # The system itself is nobody's account: Odoo keeps its user archived.
        if not self.env.user.active and self.env.uid != SUPERUSER_ID:
            raise UserError(
                self.env._(
                    "%(user)s, who sent it, was archived: nothing is taken in in that name any "
                    "more. Hand it over again in another name.",
                    user=self.env.user.sudo().name,
                )
            )
        return super()._check_may_import()
