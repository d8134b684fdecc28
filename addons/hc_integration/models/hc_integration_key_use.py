# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.res_users import INDEX_SIZE

from .ir_http import OPERATION_SCOPE

# Whose keys are known at the border; what a system in any other state holds opens nothing.
_KNOWN_STATES = ("active", "paused")


class HcIntegrationKey(models.Model):
    """What a key is worth by now: as much as the system that it was made for."""

    _inherit = "hc.integration.key"

    @api.model
    def _issue(self, source, name, days):
        if source.state == "retired":
            raise UserError(self.env._("%(system)s was disconnected for good.", system=source.name))
        return super()._issue(source, name, days)

    @api.model
    def _find_source(self, user_id, key):
        """The connected system that a key belongs to, under superuser rights.

        Odoo's table of keys knows a user only. A key that is not on record here, or whose system
        was disconnected, or acts as somebody else or for another company by now, belongs to none.

        :param int user_id: whose key it is, as Odoo has verified
        :param str key: in clear text, verified
        :return: the system, active or paused, or none
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_users_apikeys WHERE user_id = %s AND index = %s AND scope = %s",
                user_id,
                key[:INDEX_SIZE],
                OPERATION_SCOPE,
            )
        )
        source_sudo = (
            self.sudo()
            .search(
                [
                    ("key_number", "in", [row[0] for row in rows]),
                    ("user_id", "=", user_id),
                    ("state", "=", "active"),
                    ("source_id.user_id", "=", user_id),
                    ("source_id.state", "in", _KNOWN_STATES),
                ],
                limit=1,
            )
            .source_id
        )
        is_colleague = source_sudo.company_id in source_sudo.user_id.company_ids
        return source_sudo if is_colleague else source_sudo.browse()


class HcIntegrationSource(models.Model):
    """A system that is disconnected for good leaves no key behind."""

    _inherit = "hc.integration.source"

    def action_retire(self):
        result = super().action_retire()
        self.sudo().key_ids.filtered(lambda key: key.state == "active").action_revoke()
        return result
