# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_dunning_core.holds import CALLS
from .hc_billing_dispute import OPEN_STATES

SITUATIONS = [
    ("settled", "Nothing Is Owed"),
    ("held", "On Hold: Do Not Call"),
    ("placed", "With an Agency"),
    ("dispute", "In Dispute"),
    ("final", "Final Notice Given"),
    ("payer", "Payer"),
    ("first", "First Conversation"),
    ("old", "Older Than 90 Days"),
    ("reminder", "Reminder"),
]
_OLD_AFTER_DAYS = 90


class HcCollectionScript(models.Model):
    """What to say in a situation: plain words that the office has agreed on."""

    _name = "hc.collection.script"
    _description = "Call Script"
    _order = "situation, company_id"

    name = fields.Char(required=True, translate=True)
    situation = fields.Selection(SITUATIONS, required=True, index=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    body = fields.Html("What to Say", required=True, translate=True)
    active = fields.Boolean(default=True)

    _situation_unique = models.UniqueIndex(
        "(situation, coalesce(company_id, 0)) WHERE active", "This situation has a script already."
    )


class HcCollectionAccount(models.Model):
    """The situation of an account, and what its collector says in it."""

    _inherit = "hc.collection.account"

    situation = fields.Selection(SITUATIONS, compute="_compute_situation", compute_sudo=True)
    script = fields.Html("What to Say", compute="_compute_script", sanitize=False)

    @api.depends(
        "amount_open", "state", "hold_ids.state", "dispute_ids.state", "contact_ids", "oldest_on"
    )
    def _compute_situation(self):
        # A hold of some cases leaves the others to be spoken about.
        stopping = self.env["hc.collection.hold"]._get_stopping(
            self, fields.Date.context_today(self), CALLS
        )
        for account in self:
            holds = stopping.get(account.id)
            account.situation = account._get_situation(set(holds.mapped("kind")) if holds else ())

    def _get_situation(self, kinds):
        """The first that applies, in the order in which they forbid or change a conversation.

        :param kinds: of the holds under which the account is not called at all
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(self.amount_open, 0) <= 0:
            return "settled"
        if kinds:
            return "placed" if kinds == {"placement"} else "held"
        if self.dispute_ids.filtered(lambda dispute: dispute.state in OPEN_STATES):
            return "dispute"
        if self.state == "pre_collections":
            return "final"
        if self.party == "payer":
            return "payer"
        if not self.contact_ids.filtered(lambda contact: contact.outcome == "reached"):
            return "first"
        return "old" if self.days_open > _OLD_AFTER_DAYS else "reminder"

    @api.depends("situation")
    @api.depends_context("lang")
    def _compute_script(self):
        scripts = self.env["hc.collection.script"].search(
            [("situation", "in", self.mapped("situation"))]
        )
        for account in self:
            fitting = scripts.filtered(
                lambda script, account=account: (
                    script.situation == account.situation
                    and script.company_id in (account.company_id, script.company_id.browse())
                )
            )
            account.script = fitting.sorted(lambda script: not script.company_id)[:1].body
