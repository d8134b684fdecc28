# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

_MACHINES = "hc_revenue_base.group_hc_integration"


class HcIntegrationCode(models.Model):
    """Who goes by which name: a code of a sender that no connected system has, and its first user.

    What a system sends is known by its code and number. Whoever could send under another's code
    could repeat, replace or forestall what that one sends. So a code of a connected system is its
    user's alone, and any other code belongs to the integration user who used it first. People hand
    documents over in their own name, and are not bound: during an outage they send what the system
    would have sent.
    """

    _name = "hc.integration.code"
    _description = "Code in Use"
    _inherit = ["hc.guarded.mixin"]
    _order = "code, id"
    _rec_name = "code"
    _guarded_fields = frozenset({"code", "company_id", "user_id"})

    code = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Used By", required=True, readonly=True, ondelete="restrict"
    )
    create_date = fields.Datetime("First Used")

    _code_unique = models.UniqueIndex("(company_id, code)", "This code is in use.")

    @api.model
    def _claim(self, code):
        """Let the calling integration user send under a code.

        :param str code: what it calls itself
        :raise AccessError: it is the code of somebody else; the attempt is put on record
        """
        user = self.env.user
        if self.env.su or not user.has_group(_MACHINES):
            return
        system_sudo = self.env["hc.integration.source"].sudo().search([("code", "=", code)])
        if system_sudo:
            is_own = (system_sudo.user_id, system_sudo.company_id) == (user, self.env.company)
        else:
            is_own = self._get_first_user_id(code) == user.id
        if not is_own:
            raise self.env["hc.refused.attempt"]._refuse(
                self.env["hc.integration.source"],
                "send",
                self.env._(
                    "“%(code)s” is the name of another connected system. Send by your own.",
                    code=code,
                ),
                reason="foreign_source",
            )

    @api.model
    def _get_first_user_id(self, code):
        """Who used a code first in this company: the calling user, where nobody did before."""
        values = (code, self.env.company.id, self.env.uid)
        # Of two who come first at once, the second waits, fails and is tried again.
        self.env.cr.execute(
            SQL(
                """INSERT INTO hc_integration_code
                          (code, company_id, user_id, create_uid, create_date)
                   SELECT %s, %s, %s, %s, %s
                    WHERE NOT EXISTS (SELECT 1 FROM hc_integration_code
                                       WHERE code = %s AND company_id = %s)
                   ON CONFLICT DO NOTHING""",
                *values,
                self.env.uid,
                self.env.cr.now(),
                *values[:2],
            ),
            log_exceptions=False,
        )
        return (
            self.sudo()
            .search([("code", "=", code), ("company_id", "=", self.env.company.id)])
            .user_id.id
        )
