# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from .hc_placement import OPEN_STATES as OPEN_PLACEMENTS


class HcCollectionAccount(models.Model):
    """How far the cadence has come with an account, and by which channels it can be reached."""

    _inherit = "hc.collection.account"

    cadence_level_id = fields.Many2one(
        "hc.cadence.level",
        "Last Level",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    last_level_on = fields.Date(readonly=True, copy=False)
    lawful_from_on = fields.Date(
        "Next Level Lawful From",
        readonly=True,
        copy=False,
        help="A guardrail let no channel of the next level through before this day.",
    )
    proposal_ids = fields.One2many("hc.cadence.proposal", "account_id", readonly=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "cadence_level_id",
            "last_level_on",
            "lawful_from_on",
        }

    def _refresh(self):
        result = super()._refresh()
        self._reset_stage()
        return result

    def _reset_stage(self):
        """Follow up anew where what the final notice told of, or the placement, is over.

        A balance that arose since was never told of as the last; a nightly look at the sum alone
        would not see that the old one was paid.
        """
        if not self.ids:
            return
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id
                  FROM hc_collection_account account
             LEFT JOIN (SELECT told.account_id,
                               bool_or(line.amount_residual > 0) AS is_open
                          FROM hc_cadence_told told
                          JOIN hc_cadence_level level ON level.id = told.level_id
                          JOIN account_move_line line ON line.id = told.item_id
                         WHERE told.account_id = ANY(%(ids)s)
                           AND (level.is_final OR level.is_precollection)
                      GROUP BY told.account_id) final ON final.account_id = account.id
             LEFT JOIN (SELECT account_id, bool_or(state = ANY(%(open)s)) AS is_open
                          FROM hc_placement WHERE account_id = ANY(%(ids)s)
                      GROUP BY account_id) placement ON placement.account_id = account.id
                 WHERE account.id = ANY(%(ids)s)
                   AND (account.state = 'pre_collections' AND NOT final.is_open
                        OR account.state = 'placed' AND NOT placement.is_open)
                """,
                ids=self.ids,
                open=list(OPEN_PLACEMENTS),
            )
        )
        over = self.browse([row[0] for row in rows])
        if over:
            over._transition("active", reason=self.env._("what it was about is settled"))

    @api.model
    def _get_reach_conditions(self, party):
        """Per channel, when an account can be reached by it.

        :return: ``{channel: SQL condition}`` over ``account`` (this table), ``patient`` (its
            guarantor, for patients) and ``partner`` (its ledger partner)
        """
        if party == "payer":
            # Payers are followed up by people, who know the portal and whom to call.
            return {
                "letter": SQL("partner.street > '' AND partner.city > ''"),
                "email": SQL("partner.email LIKE '%%@%%'"),
                "sms": SQL("FALSE"),
                "portal": SQL("TRUE"),
                "call": SQL("TRUE"),
            }
        return {
            "letter": SQL(
                "patient.street > '' AND patient.city > '' AND patient.zip > ''"
                " AND account.mail_returned_on IS NULL"
            ),
            "email": SQL("patient.email LIKE '%%@%%'"),
            "sms": SQL("patient.phone > ''"),
            "portal": SQL(
                "EXISTS (SELECT FROM hc_portal_access access"
                " WHERE access.account_id = account.id AND access.state = 'active')"
            ),
            "call": SQL("patient.phone > ''"),
        }

    def action_start_follow_up(self):
        """Propose what goes out to these accounts now, for review."""
        self.check_access("write")
        runs = self.env["hc.cadence.run"]
        for (company, party), accounts in self.grouped(
            lambda account: (account.company_id, account.party)
        ).items():
            runs |= runs._propose(company, party, fields.Date.context_today(self), accounts)
        return runs._get_records_action(name=self.env._("Follow-up of the Chosen Accounts"))

    @api.model
    def _cron_follow_up(self):
        """Scheduled Action: the day's reminders to all accounts within its scope."""
        scope = self.env["hc.automation"]._get_running_domain(self._name)
        self.env["hc.cadence.run"]._run_today(scope)

    def _open_threshold_items(self):
        """Automation Rule: a person takes over accounts that owe much since long.

        Accounts of which nothing may be followed up are left to those who hold them.
        """
        today = fields.Date.context_today(self)
        stopped = self.env["hc.collection.hold"]._get_stopping(self, today)
        items = self.env["hc.work.item"]._open(
            [
                {
                    "kind": "collection_threshold",
                    "queue_code": "collections",
                    "severity": "warning",
                    "dedup_key": f"collection_threshold:{account.id}",
                    "name": self.env._("Old and large balance: account %s", account.name),
                    "company_id": account.company_id.id,
                    "res_model": account._name,
                    "res_id": account.id,
                }
                for account in self
                if account.id not in stopped
            ]
        )
        for item in items.filtered(lambda each: not each.assignee_id):
            collector = self.browse(item.res_id).collector_id
            if collector:
                item._write_guarded({"assignee_id": collector.id})
