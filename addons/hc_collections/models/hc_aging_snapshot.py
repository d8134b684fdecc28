# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .hc_aging_policy import PARTIES

_CAUGHT_UP_DAYS = 31
_KEY = ("facility_id", "party", "payer_type", "bucket_from", "bucket")


class HcAgingSnapshot(models.Model):
    """Open amounts by age as they were reported for a day: what was said then stays said.

    The ledger can answer for any past day too, but its answer follows later corrections. A snapshot
    keeps its own figures; beside them stands what the ledger says of that day now. The last day of
    a month is kept for good, others as long as the aging policy says.
    """

    _name = "hc.aging.snapshot"
    _description = "Aging Snapshot"
    _inherit = ["hc.append.only.mixin"]
    _order = "snapshot_on desc, party, bucket_from, id"
    _rec_name = "snapshot_on"
    _log_access = False
    _allow_sudo_commands = False

    snapshot_on = fields.Date("Day", required=True, readonly=True, index=True)
    is_month_end = fields.Boolean("End of Month", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    facility_id = fields.Many2one("hc.facility", readonly=True, index=True, ondelete="restrict")
    party = fields.Selection(PARTIES, "Who Owes", required=True, readonly=True)
    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        string="Payer Class",
        readonly=True,
    )
    bucket = fields.Char("Bucket (days)", required=True, readonly=True)
    bucket_from = fields.Integer("From Day", readonly=True, aggregator=None)
    amount_open = fields.Monetary("Open", readonly=True)
    item_count = fields.Integer("Items", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_ledger = fields.Monetary(
        "By the Ledger Now",
        compute="_compute_amount_ledger",
        help="What the ledger says of that day today: entries with an earlier date, and "
        "reconciliations that were undone, change it.",
    )
    amount_restated = fields.Monetary("Restated By", compute="_compute_amount_ledger")

    _row_unique = models.UniqueIndex(
        "(snapshot_on, company_id, facility_id, party, payer_type, bucket_from) NULLS NOT DISTINCT",
        "This figure was taken already.",
    )

    def init(self):
        """Rows never change; only the end of a month is also never deleted."""
        result = super().init()
        self.env.cr.execute(
            """
            DROP TRIGGER IF EXISTS hc_aging_snapshot_append_only ON hc_aging_snapshot;
            CREATE TRIGGER hc_aging_snapshot_append_only BEFORE UPDATE ON hc_aging_snapshot
                FOR EACH ROW EXECUTE FUNCTION hc_refuse_change();
            DROP TRIGGER IF EXISTS hc_aging_snapshot_kept ON hc_aging_snapshot;
            CREATE TRIGGER hc_aging_snapshot_kept BEFORE DELETE ON hc_aging_snapshot
                FOR EACH ROW WHEN (OLD.is_month_end) EXECUTE FUNCTION hc_refuse_change();
            """
        )
        return result

    @api.model
    def _cron_take(self):
        """Take what is missing up to yesterday, company by company, and drop what is old.

        A day is taken once it is over. Days that were missed are made up, a month of them at most:
        each is one transaction, so that a stopped run goes on with the next day.
        """
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        today = {company: company._get_office_day() for company in companies}
        days = [
            (company, day)
            for company in companies
            for day in self._get_missing_days(company, today[company])
        ]
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(days))
        for company, day in days:
            self._take(company, day)
            if not commit_progress(1):
                return
        for company in companies:
            self._drop_old(company, today[company])

    @api.model
    def _get_missing_days(self, company, today):
        """The days before today, since the last snapshot, that a company has none of."""
        yesterday = today - timedelta(days=1)
        last = self.sudo().search(
            [("company_id", "=", company.id)], order="snapshot_on desc", limit=1
        )
        first = last.snapshot_on + timedelta(days=1) if last else yesterday
        first = max(first, today - timedelta(days=_CAUGHT_UP_DAYS))
        return [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]

    @api.model
    def _take(self, company, day):
        """Keep the open amounts of a company at the end of a day; what is kept stays as it is.

        :return: how many rows were added; none where the day was taken already
        """
        taken = [("company_id", "=", company.id), ("snapshot_on", "=", day)]
        if self.sudo().search_count(taken, limit=1):
            return 0
        is_month_end = (day + timedelta(days=1)).day == 1
        self.env["hc.aging.item"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO hc_aging_snapshot (snapshot_on, is_month_end, company_id, currency_id,
                       facility_id, party, payer_type, bucket_from, bucket, amount_open, item_count)
                SELECT %s, %s, %s, %s, figures.* FROM (%s) figures
                    ON CONFLICT DO NOTHING
                """,
                day,
                is_month_end,
                company.id,
                company.currency_id.id,
                self._get_figures_query(company, day),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _get_figures_query(self, company, day):
        """The figures of a day by facility, party, payer class and bucket, from the one aging."""
        return SQL(
            """
            SELECT item.facility_id, item.party,
                   coalesce(payer.payer_type, own.payer_type, 'self_pay') AS payer_type,
                   coalesce(bucket.day_from, 0) AS bucket_from,
                   coalesce(bucket.name, '-') AS bucket,
                   sum(item.amount_open) AS amount_open, count(*)::int AS item_count
              FROM (%s) item
              JOIN hc_collection_account account ON account.id = item.account_id
         LEFT JOIN hc_payer payer ON payer.id = item.payer_id
         LEFT JOIN hc_payer own ON own.id = account.payer_id
         LEFT JOIN hc_aging_bucket bucket ON bucket.id = item.bucket_id
          GROUP BY 1, 2, 3, 4, 5
            """,
            self.env["hc.aging.item"]._get_query(day, SQL("line.company_id = %s", company.id)),
        )

    @api.model
    def _drop_old(self, company, today):
        """Delete daily figures of a company that are older than the policy keeps them."""
        self.env["hc.aging.policy"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM hc_aging_snapshot row USING (%s) in_force, hc_aging_policy policy
                 WHERE row.company_id = %s
                   AND in_force.for_company_id = row.company_id AND in_force.party = row.party
                   AND policy.id = in_force.id AND NOT row.is_month_end
                   AND row.snapshot_on < %s - policy.daily_snapshot_days
                """,
                self.env["hc.aging.policy"]._get_in_force_query(today),
                company.id,
                today,
            )
        )
        self.invalidate_model()

    @api.depends("amount_open")
    def _compute_amount_ledger(self):
        found = {}
        for company, day in {(row.company_id, row.snapshot_on) for row in self}:
            self.env["hc.aging.item"].flush_model()
            for values in self.env.execute_query_dict(self._get_figures_query(company, day)):
                key = (company.id, day, *(values[name] for name in _KEY))
                found[key] = values["amount_open"]
        for row in self:
            key = (row.company_id.id, row.snapshot_on, row.facility_id.id or None)
            amount = found.get((*key, row.party, row.payer_type, row.bucket_from, row.bucket), 0.0)
            row.amount_ledger = amount
            row.amount_restated = amount - row.amount_open
