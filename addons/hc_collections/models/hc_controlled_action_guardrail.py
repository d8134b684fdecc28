# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from ..hc_dunning_core.guardrails.acts import BAD_DEBT_WRITE_OFF


class HcControlledAction(models.Model):
    """The guardrails of writing off as bad debt: asked at the request, and when it is posted.

    Writing off in the books is no act towards the patient; what warns is on record, what blocks
    (Medicare's 120 days of effort, for one) refuses.
    """

    _inherit = "hc.controlled.action"

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "bad_debt":
            self._require_lawful_write_off()
        return result

    def _apply_bad_debt(self):
        self._require_lawful_write_off()
        return super()._apply_bad_debt()

    def _require_lawful_write_off(self):
        """Ask about the case on the account of its guarantor, where it has one.

        :raise AccessError: names rule, source and earliest lawful day
        """
        case = self._get_subject().sudo()
        account = self.env["hc.collection.account"].search(
            [
                ("partner_id", "=", case._get_party("patient").id),
                ("company_id", "=", case.company_id.id),
            ]
        )
        account._require_lawful(BAD_DEBT_WRITE_OFF, case_ids=case.ids)
