# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

_UNSENT_MAIL = ("outgoing", "exception")


class HcContact(models.Model):
    """What was handed over and does not go out: taken back, stopped, or failed."""

    _inherit = "hc.contact"

    def _take_back(self):
        """Take contacts out of their print run, or out of the queue of e-mails.

        They are queued as if nobody had delivered them; a level writes its words anew.

        :return: those that had been handed over
        """
        handed = self.filtered(lambda contact: contact.letter_run_id or contact.mail_id)
        if not handed:
            return handed
        handed._cancel_mails()
        handed._get_issued_statements()._write_guarded({"contact_id": False})
        handed._void_statements()
        handed._write_guarded(
            {
                "mail_id": False,
                "letter_run_id": False,
                "printed_at": False,
                "attachment_id": False,
                "checksum": False,
                "amount_told": 0.0,
            }
        )
        handed.filtered("level_id")._write_guarded({"body": False, "address": False})
        return handed

    def _cancel_mails(self):
        mails_sudo = self.sudo().mail_id.filtered(lambda mail: mail.state in _UNSENT_MAIL)
        if mails_sudo:
            mails_sudo.cancel()

    @api.model
    def _stop_mails(self, accounts):
        """Withdraw the e-mails in Odoo's queue that a hold or an opt-out has just stopped."""
        waiting = self.sudo().search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "queued"),
                ("mail_id.state", "in", _UNSENT_MAIL),
            ]
        )
        for (company, party), batch in waiting.grouped(
            lambda contact: (contact.company_id, contact.account_id.party)
        ).items():
            batch._withdraw_stopped(company, party)

    def _on_state_failed(self, previous):
        """A level that did not arrive has told of nothing: it comes again.

        The day of the attempt stays the account's last one, so that an address that never works
        is tried again after the level's spacing and not every day.
        """
        levels_sudo = self.sudo().filtered("level_id")
        levels_sudo.told_ids.unlink()
        for contact in levels_sudo:
            contact._write_guarded({"key": f"{contact.key}:failed:{contact.id}"})
            if contact.account_id.cadence_level_id == contact.level_id:
                contact.account_id._write_guarded(
                    {"cadence_level_id": contact.previous_level_id.id}
                )
        levels_sudo.proposal_ids._write_guarded({"state": "withdrawn", "reason": "undelivered"})
        levels_sudo._take_back_final_notice()

    def _take_back_final_notice(self):
        """Nobody goes to an agency after a last notice that did not arrive."""
        accounts = self.filtered(
            lambda contact: contact.level_id.is_final or contact.level_id.is_precollection
        ).account_id.filtered(lambda account: account.state == "pre_collections")
        told = self.env["hc.cadence.told"].search(
            [
                ("account_id", "in", accounts.ids),
                ("item_id.amount_residual", ">", 0),
                "|",
                ("level_id.is_final", "=", True),
                ("level_id.is_precollection", "=", True),
            ]
        )
        untold = accounts - told.account_id
        if untold:
            untold._transition("active", reason=self.env._("the final notice did not arrive"))
