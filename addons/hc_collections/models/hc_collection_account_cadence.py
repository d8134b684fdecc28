# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL


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
    cadence_cycle = fields.Integer(
        "Round",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Grows when the levels begin anew for a new balance.",
    )
    proposal_ids = fields.One2many("hc.cadence.proposal", "account_id", readonly=True)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "cadence_level_id",
            "last_level_on",
            "cadence_cycle",
        }

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
            "letter": SQL("patient.street > '' AND patient.city > '' AND patient.zip > ''"),
            "email": SQL("patient.email LIKE '%%@%%'"),
            "sms": SQL("patient.phone > ''"),
            "portal": SQL(
                "EXISTS (SELECT FROM res_users login"
                " WHERE login.partner_id = account.partner_id AND login.active)"
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
