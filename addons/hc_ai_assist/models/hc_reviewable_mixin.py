# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import split_every

# Records that one job advises on.
_RECORDS_PER_JOB = 200
_PANEL = '<widget name="hc_ai_panel"/>'


class HcReviewableMixin(models.AbstractModel):
    """The panel with suggestions on every form whose record takes advice."""

    _inherit = "hc.reviewable.mixin"

    @api.model
    def _review_panel_arch(self):
        return super()._review_panel_arch() or _PANEL

    def _queue_advice(self):
        """Enter a job for each policy of these records that is on, in shadow or live."""
        result = super()._queue_advice()
        policies_sudo = (
            self.env["hc.ai.policy"]
            .sudo()
            .search([("res_model", "=", self._name), ("mode", "in", ("shadow", "live"))])
        )
        for policy_sudo in policies_sudo.filtered("responsible_id"):
            # What is read, is read with the rights of the person who answers for it.
            policy = policy_sudo.with_user(policy_sudo.responsible_id)
            own = self._of_company(policy_sudo.company_id)
            policy.env["hc.job"]._enqueue(
                [
                    {
                        "records": policy,
                        "method": "_job_advise",
                        "arguments": {"record_ids": list(part)},
                        "priority": 15,
                    }
                    for part in split_every(_RECORDS_PER_JOB, own.ids)
                ]
            )
        return result

    def _of_company(self, company):
        if "company_id" not in self._fields:
            return self
        return self.filtered(lambda record: record.company_id == company)

    def _is_finished_for_review(self):
        """Whether nothing about the record is decided any more: no move leads out of its state."""
        self.ensure_one()
        if not isinstance(self, self.pool["hc.lifecycle.mixin"]):
            return False
        name = self._get_main_state_field()
        return self[name] in self._get_lifecycle(name).terminal
