# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.tools import SQL

from ..hc_dunning_core.cadence_table import DUE


class HcCadenceProposal(models.Model):
    """How a row becomes a contact."""

    _inherit = "hc.cadence.proposal"

    def _record_contacts(self):
        """Record a contact per row that is still due, and let the account take the level.

        All rows are of one run. What is not due any more, held since, or not lawful, is
        withdrawn with the reason.
        """
        run = self.run_id
        accounts = self.account_id
        accounts._lock_for_transition(["cadence_level_id", "last_level_on"])
        decisions = self._decide_again(run, accounts)
        due = self._withdraw_changed(decisions)
        contacts = self.env["hc.contact"]._record([row._prepare_contact_vals() for row in due])
        due, contacts = due._withdraw_recorded(contacts)
        due._take_contacts(contacts)
        due._advance_accounts(contacts)
        contacts._enqueue_delivery()
        return contacts

    def _on_batch_error(self, method_name, message):
        """Nothing was recorded for this account: a person looks, the next run tries again."""
        result = super()._on_batch_error(method_name, message)
        self._write_guarded({"state": "withdrawn", "reason": "failed", "earliest_on": False})
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "collection_unrecorded",
                    "queue_code": "collections",
                    "severity": "error",
                    "dedup_key": f"cadence_failed:{self.account_id.id}",
                    "name": self.env._(
                        "No reminder for account %(account)s: %(error)s",
                        account=self.account_id.name,
                        error=message,
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self.account_id._name,
                    "res_id": self.account_id.id,
                }
            ]
        )
        return result

    def _decide_again(self, run, accounts):
        """``{account id: row of the decision}`` as of today."""
        today = fields.Date.context_today(self)
        self.env.flush_all()
        self.env.cr.execute(
            self.env["hc.cadence.facts"]._get_decisions_query(
                run.policy_id, run.company_id, today, accounts
            )
        )
        return {row["account_id"]: row for row in self.env.cr.dictfetchall()}

    def _withdraw_changed(self, decisions):
        """Withdraw the rows that are not due any more as proposed; return the others."""
        due, withdrawn = self.browse(), {}
        for row in self:
            decision = decisions.get(row.account_id.id)
            if not decision:
                reason = "nothing_open"
            elif decision["reason"] != DUE:
                reason = decision["reason"]
            elif (decision["level_id"], decision["channel"], decision["debt_item_id"]) != (
                row.level_id.id,
                row.channel,
                row.debt_item_id.id,
            ):
                reason = "other_step"
            else:
                due |= row
                continue
            withdrawn[reason] = withdrawn.get(reason, self.browse()) | row
        for reason, rows in withdrawn.items():
            rows._write_guarded({"state": "withdrawn", "reason": reason, "earliest_on": False})
        return due

    def _withdraw_recorded(self, contacts):
        """Withdraw the rows whose step another run has recorded already.

        :param contacts: one per row, in order
        :return: ``(rows, contacts)`` that are new
        """
        run = self.run_id
        rows = dict(zip(contacts.ids, self, strict=True))
        new = contacts.filtered(lambda contact: contact.run_id == run)
        known = self.browse().concat(*(rows[contact.id] for contact in contacts - new))
        known._write_guarded({"state": "withdrawn", "reason": "other_step", "earliest_on": False})
        return self - known, new

    def _prepare_contact_vals(self):
        """Values of the contact of a row; its words are written when it is delivered."""
        level, account = self.level_id, self.account_id
        return {
            "account_id": account.id,
            "key": f"cadence:{self.debt_item_id.id}:{level.code}",
            "channel": self.channel,
            "purpose": level.purpose,
            "level_id": level.id,
            "run_id": self.run_id.id,
            "previous_level_id": account.cadence_level_id.id,
            "previous_level_on": account.last_level_on,
        }

    def _take_contacts(self, contacts):
        if not self:
            return
        self.env.execute_query(
            SQL(
                """
                UPDATE hc_cadence_proposal proposal
                   SET state = 'contacted', contact_id = found.contact_id
                  FROM unnest(%s::int[], %s::int[]) AS found(id, contact_id)
                 WHERE proposal.id = found.id
             RETURNING proposal.id
                """,
                self.ids,
                contacts.ids,
            )
        )
        self.invalidate_recordset(["state", "contact_id"], flush=False)
        self.run_id.invalidate_recordset(flush=False)

    def _advance_accounts(self, contacts):
        """The accounts, and the debts that were told of, have come as far as the contacts."""
        today = fields.Date.context_today(self)
        for run, own in contacts.sudo().grouped("run_id").items():
            self.env["hc.cadence.told"].sudo()._insert_for(run.policy_id, own, today)
        for level, rows in self.grouped("level_id").items():
            rows.account_id._write_guarded(
                {"cadence_level_id": level.id, "last_level_on": today, "lawful_from_on": False}
            )
        self._close_failures()

    def _close_failures(self):
        """What could not be recorded before was recorded now."""
        items = self.env["hc.work.item"].search(
            [
                ("kind", "in", ("collection_unrecorded", "collection_unreachable")),
                ("res_model", "=", "hc.collection.account"),
                ("res_id", "in", self.account_id.ids),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")
