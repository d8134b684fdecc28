# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..lifecycles import COLLECTION_ACCOUNT
from .hc_aging_policy import PARTIES


class HcCollectionAccount(models.Model):
    """What one party owes, whatever the case: a guarantor's account, or a payer's.

    One per ledger partner and company, made when the first item is posted on it. The ledger says
    what is owed; the account says how far the follow-up has gone, who works it, what was said and
    what stops it.
    """

    _name = "hc.collection.account"
    _description = "Collection Account"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "amount_open desc, id"
    _check_company_auto = True
    _lifecycles = {"state": COLLECTION_ACCOUNT}
    _guarded_fields = frozenset(
        {"name", "company_id", "party", "partner_id", "patient_id", "payer_id", "collector_id"}
    )

    name = fields.Char("Account No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="active",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    party = fields.Selection(PARTIES, "Who Owes", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Ledger Partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        "hc.patient", "Guarantor", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    payer_id = fields.Many2one(
        "hc.payer", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    collector_id = fields.Many2one(
        "res.users", readonly=True, index="btree_not_null", tracking=True
    )
    item_ids = fields.One2many(
        "account.move.line", "hc_collection_account_id", "Ledger Items", readonly=True
    )
    amount_open = fields.Monetary(
        "Owed", compute="_compute_amounts", store=True, help="Open items, without credits."
    )
    amount_unapplied = fields.Monetary(
        "Unapplied", compute="_compute_amounts", store=True, help="Payments not yet assigned."
    )
    item_count = fields.Integer("Open Items", compute="_compute_amounts", store=True)
    oldest_on = fields.Date(
        "Oldest Balance From",
        compute="_compute_amounts",
        store=True,
        index="btree_not_null",
        help="The day from which the oldest open balance ages, by the aging policy.",
    )
    amount_raised_at = fields.Datetime(
        "Last Rise",
        compute="_compute_amounts",
        store=True,
        index="btree_not_null",
        help="When more was owed than before.",
    )
    days_open = fields.Integer("Age (days)", compute="_compute_days_open")
    hold_ids = fields.One2many("hc.collection.hold", "account_id", "Holds", readonly=True)
    contact_ids = fields.One2many("hc.contact", "account_id", "Contacts", readonly=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This account number is taken.")
    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id)", "This party has an account already."
    )

    @api.depends("oldest_on")
    def _compute_days_open(self):
        today = fields.Date.context_today(self)
        for account in self:
            account.days_open = max(0, (today - account.oldest_on).days) if account.oldest_on else 0

    @api.depends("name", "patient_id", "payer_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        for account in self:
            party = account.sudo().patient_id or account.sudo().payer_id
            account.display_name = f"{account.name} {party.with_env(self.env).display_name}"

    def action_open_aging(self):
        """Open the items that make up the balance."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_aging_item_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        action["views"] = [(False, "list"), (False, "pivot")]
        return action
