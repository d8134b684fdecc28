# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError


class HcCollectionAccount(models.Model):
    """The collector's desk: balance by case and age, and what one click does."""

    _inherit = "hc.collection.account"

    aging_item_ids = fields.One2many(
        "hc.aging.item", "account_id", "Balance by Case and Age", readonly=True
    )
    elsewhere_item_count = fields.Integer(
        "Items at Other Facilities",
        compute="_compute_elsewhere",
        help="Open items that make up the balance and belong to facilities that are not mine.",
    )
    elsewhere_amount = fields.Monetary(
        "Owed at Other Facilities",
        compute="_compute_elsewhere",
        help="What is owed is one sum for the guarantor, of every facility: this part of it belongs"
        " to facilities that are not mine, whose cases I do not see.",
    )
    active_hold_count = fields.Integer("Active Holds", compute="_compute_active_hold_count")

    @api.depends("amount_open", "item_count")
    @api.depends_context("uid")
    def _compute_elsewhere(self):
        """How much of the balance the user does not see case by case: it is said, not shown."""
        items, owing = self.env["hc.aging.item"], [("amount_open", ">", 0)]
        seen, all_of_it = (
            {
                account.id: (count, amount)
                for account, count, amount in items.sudo(is_whole)._read_group(
                    [("account_id", "in", self.ids), *owing],
                    ["account_id"],
                    ["__count", "amount_open:sum"],
                )
            }
            for is_whole in (self.env.su, True)
        )
        for account in self:
            count, amount = seen.get(account.id, (0, 0.0))
            whole_count, whole_amount = all_of_it.get(account.id, (0, 0.0))
            account.elsewhere_item_count = whole_count - count
            account.elsewhere_amount = account.currency_id.round(whole_amount - amount)

    def _compute_active_hold_count(self):
        for account in self:
            account.active_hold_count = len(
                account.hold_ids.filtered(lambda hold: hold.state == "active")
            )

    def _open_desk_wizard(self, model_name, title, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def action_log_call(self):
        """Ask what was said on the phone."""
        return self._open_log("call", self.env._("Log a Call"))

    def action_log_email(self):
        """Ask what an e-mail said."""
        return self._open_log("email", self.env._("Log an E-mail"))

    def action_log_letter(self):
        """Ask what a letter said."""
        return self._open_log("letter", self.env._("Log a Letter"))

    def _open_log(self, channel, title):
        self.ensure_one()
        purpose = "payer_follow_up" if self.party == "payer" else "reminder"
        return self._open_desk_wizard(
            "hc.contact.wizard", title, account_id=self.id, channel=channel, purpose=purpose
        )

    def action_place_hold(self):
        """Ask what stops the follow-up of these accounts, and until when."""
        return self._open_desk_wizard(
            "hc.hold.wizard", self.env._("Place a Hold"), account_ids=self.ids
        )

    def action_open_assign(self):
        """Ask who works these accounts."""
        return self._open_desk_wizard(
            "hc.collection.assign.wizard", self.env._("Assign Accounts"), account_ids=self.ids
        )

    def action_take(self):
        """These accounts are mine from now on, where they are nobody's."""
        taken = self.filtered(
            lambda each: each.collector_id not in (self.env.user.browse(), self.env.user)
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(account)s is %(collector)s's. Ask a supervisor to assign it.",
                    account=taken[0].name,
                    collector=taken[0].collector_id.name,
                )
            )
        self._set_collector(self.env.user)

    def _set_collector(self, user):
        """Give accounts to a collector, or to nobody."""
        self.check_access("write")
        changed = self.filtered(lambda account: account.collector_id != user)
        if changed:
            changed._write_guarded({"collector_id": user.id})
            changed._log_decision(facts={"collector": user.id}, kind="decision")
