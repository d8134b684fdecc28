# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcApprovalRequest(models.Model):
    _inherit = "hc.approval.request"

    def _tell_compliance(self):
        """Automation Rule: compliance learns that deviations from a contract were accepted."""
        users = self.env.ref("hc_revenue_base.group_hc_compliance").sudo().all_user_ids
        for request in self:
            told = users.filtered(
                lambda user, request=request: user.active and request.company_id in user.company_ids
            )
            request.message_post(
                subject=self.env._("Contract deviation accepted"),
                body=self.env._(
                    "“%(request)s” was accepted and applied: the payer paid otherwise than the "
                    "contract says. See the path for who agreed.",
                    request=request.name,
                ),
                partner_ids=told.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
