# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


class AccountPartialReconcile(models.Model):
    """What is settled, or taken back, is soon seen by the plans and promises of the account.

    They are judged by their own Scheduled Actions: posting a payment never waits for them.
    """

    _inherit = "account.partial.reconcile"

    # Aging asks for what was settled after a day: nothing, most times, out of millions.
    _hc_max_date_index = models.Index("(max_date)")

    hc_is_settlement = fields.Boolean(
        "By the Suite",
        readonly=True,
        copy=False,
        help="Made by the settlement of an account, which may undo it. Others stay as they are.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Whose work it is nobody declares: the settlement marks its own.
        vals_list = [
            {name: value for name, value in vals.items() if name != "hc_is_settlement"}
            for vals in vals_list
        ]
        partials = super().create(vals_list)
        partials._wake_agreements()
        return partials

    def write(self, vals):
        if "hc_is_settlement" in vals:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "write",
                self.env._("The settlement of accounts marks what it made itself."),
                reason="hc_is_settlement",
            )
        return super().write(vals)

    def unlink(self):
        self._wake_agreements()
        self.sudo().debit_move_id.hc_collection_account_id._ask_promises_again()
        return super().unlink()

    def _mark_settlement(self):
        """Note that the settlement of an account made these, so that it may undo them."""
        if self:
            self.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE account_partial_reconcile SET hc_is_settlement = TRUE"
                    " WHERE id = ANY(%s)",
                    self.ids,
                )
            )
            self.invalidate_recordset(["hc_is_settlement"], flush=False)

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
