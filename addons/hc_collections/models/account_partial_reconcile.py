# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What is settled, or taken back, is soon seen by the plans and promises of the account.

    They are judged by their own Scheduled Actions: posting a payment never waits for them.
    """

    _inherit = "account.partial.reconcile"

    # Aging asks for what was settled after a day: nothing, most times, out of millions.
    _hc_max_date_index = models.Index("(max_date)")

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._wake_agreements()
        return partials

    def unlink(self):
        self._wake_agreements()
        return super().unlink()

    def _wake_agreements(self):
        """Run the checks of plans and promises soon, where an account of these items has any."""
        accounts = self.sudo().debit_move_id.hc_collection_account_id
        if not accounts:
            return
        for model, states, cron in (
            ("hc.payment.plan", ("active", "completed"), "ir_cron_check_plans"),
            ("hc.payment.promise", ("open",), "ir_cron_check_promises"),
        ):
            domain = [("account_id", "in", accounts.ids), ("state", "in", states)]
            if self.env[model].sudo().search_count(domain, limit=1):
                self.env.ref(f"hc_collections.{cron}").sudo()._trigger()
