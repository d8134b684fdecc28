# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

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
    days_open = fields.Integer("Age (days)", compute="_compute_days_open")
    hold_ids = fields.One2many("hc.collection.hold", "account_id", "Holds", readonly=True)
    contact_ids = fields.One2many("hc.contact", "account_id", "Contacts", readonly=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This account number is taken.")
    _partner_unique = models.UniqueIndex(
        "(company_id, partner_id)", "This party has an account already."
    )

    @api.depends("item_ids.amount_residual", "item_ids.parent_state")
    def _compute_amounts(self):
        """Read from the one aging; a payer's, whose items follow no account, is asked nightly."""
        figures = self._read_figures(fields.Date.context_today(self))
        for account in self:
            account.update(figures.get(account.id, _NOTHING))

    def _read_figures(self, as_of):
        """Open amounts of the accounts at the end of a day.

        :return: ``{account id: values of the amount fields}``; accounts without an item are left
            out
        """
        if not self.ids:
            return {}
        # The rows that are being recomputed are not flushed by the read model's own dependencies.
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        of_these = SQL("hc_account.id = ANY(%s)", list(self.ids))
        self.env.cr.execute(
            SQL(
                """
                SELECT account_id, sum(amount_open) FILTER (WHERE amount_open > 0) AS amount_open,
                       -sum(amount_open) FILTER (WHERE amount_open < 0) AS amount_unapplied,
                       count(*) FILTER (WHERE amount_open > 0) AS item_count,
                       min(date_basis) FILTER (WHERE amount_open > 0) AS oldest_on
                  FROM (%s) item GROUP BY account_id
                """,
                self.env["hc.aging.item"]._get_query(as_of, of_these),
            )
        )
        return {
            row["account_id"]: {
                "amount_open": row["amount_open"] or 0.0,
                "amount_unapplied": row["amount_unapplied"] or 0.0,
                "item_count": row["item_count"],
                "oldest_on": row["oldest_on"],
            }
            for row in self.env.cr.dictfetchall()
        }

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

    @api.model
    def _ensure_for(self, items):
        """See to it that whoever owes these journal items has an account.

        :param items: journal items, about to be posted
        """
        owed = items.filtered(
            lambda item: item.account_type == "asset_receivable" and item.partner_id
        )
        partners = {(item.company_id.id, item.partner_id.id) for item in owed}
        known = self.search_fetch(
            [("partner_id", "in", owed.partner_id.ids)], ["company_id", "partner_id"]
        )
        missing = partners - {(one.company_id.id, one.partner_id.id) for one in known}
        if missing:
            self._open_accounts(missing)

    @api.model
    def _open_accounts(self, keys):
        """Open accounts for those of ``(company id, partner id)`` that are patients or payers."""
        partner_ids = [partner_id for _company_id, partner_id in keys]
        owners = {}
        for party, model in (("payer", "hc.payer"), ("patient", "hc.patient")):
            for record in self.env[model].search_fetch(
                [("partner_id", "in", partner_ids)], ["partner_id", "company_id"]
            ):
                owners[record.company_id.id, record.partner_id.id] = (party, record)
        vals_list = [
            {
                "name": self.env["ir.sequence"].next_by_code("hc.collection.account"),
                "company_id": key[0],
                "partner_id": key[1],
                "party": owners[key][0],
                f"{owners[key][0]}_id": owners[key][1].id,
            }
            for key in sorted(keys & owners.keys())
        ]
        try:
            with self.env.cr.savepoint(flush=False):
                return self._create_guarded(vals_list)
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction opened the same account") from error

    @api.model
    def _cron_refresh(self):
        """Read amounts from the ledger, and follow up anew who has paid since the final notice."""
        self._run_in_batches([("party", "in", ("patient", "payer"))], "_refresh")

    def _refresh(self):
        self.env.add_to_compute(self._fields["amount_open"], self)
        self.flush_recordset()
        paid = self.filtered(lambda account: account.state != "active" and not account.amount_open)
        if paid:
            paid._transition("active", reason=self.env._("the ledger shows no open balance"))

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

    @api.model
    def _find_of_patients(self, items):
        """``{(company id, partner id): account}`` of the patients among the items' partners."""
        accounts = self.search_fetch(
            [("partner_id", "in", items.partner_id.ids), ("party", "=", "patient")],
            ["company_id", "partner_id"],
        )
        return {(one.company_id.id, one.partner_id.id): one for one in accounts}


_NOTHING = {
    "amount_open": 0.0,
    "amount_unapplied": 0.0,
    "item_count": 0,
    "oldest_on": False,
}
