# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..hc_dunning_core.aging import Scale
from ..hc_dunning_core.errors import DunningError

# The last bucket has no end; the column that SQL compares needs one.
_NO_END = 999999

BASES = [
    ("discharge", "Discharge or Last Service"),
    ("first_statement", "First Statement"),
    ("responsibility", "Day the Party Became Responsible"),
]
PARTIES = [("patient", "Patient"), ("payer", "Payer")]


class HcAgingPolicy(models.Model):
    """From which day open balances age, and into which buckets they fall.

    All three dates are kept; the policy says which of them counts. Where that date is not known
    (no statement has gone out yet) the day on which the party became responsible counts.
    """

    _name = "hc.aging.policy"
    _description = "Aging Policy"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "party, company_id, date_from desc"
    _config_fields = (
        "party",
        "basis",
        "date_from",
        "bucket_last_days",
        "daily_snapshot_days",
        "active",
    )

    name = fields.Char(required=True, translate=True)
    party = fields.Selection(PARTIES, "Who Owes", required=True, default="patient")
    basis = fields.Selection(BASES, "Counted From", required=True, default="responsibility")
    date_from = fields.Date("In Force From", required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    bucket_last_days = fields.Char(
        "Last Days of the Buckets",
        required=True,
        default="30,60,90,120,180",
        help="Days with which each bucket ends, separated by commas; one without an end follows.",
    )
    bucket_ids = fields.One2many("hc.aging.bucket", "policy_id", readonly=True)
    daily_snapshot_days = fields.Integer(
        "Daily Snapshots Kept (days)",
        required=True,
        default=400,
        help="Those of the last day of a month are kept for good.",
    )
    active = fields.Boolean(default=True)

    _daily_snapshots_positive = models.Constraint(
        "CHECK (daily_snapshot_days BETWEEN 31 AND 3650)",
        "Daily snapshots are kept for 31 to 3,650 days.",
    )
    _in_force_unique = models.UniqueIndex(
        "(party, coalesce(company_id, 0), date_from) WHERE active",
        "Another policy for these balances is in force from that day.",
    )

    @api.constrains("bucket_last_days")
    def _check_bucket_last_days(self):
        for policy in self:
            policy._get_buckets()

    def _get_buckets(self):
        """The buckets, youngest first.

        :raise ValidationError: the days make none
        """
        self.ensure_one()
        parts = [part.strip() for part in (self.bucket_last_days or "").split(",")]
        message = self.env._(
            "%(policy)s: “%(days)s” does not make buckets. Enter up to 12 days in ascending "
            "order, as in 30,60,90.",
            policy=self.name,
            days=self.bucket_last_days,
        )
        if len(parts) > 12 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
            raise ValidationError(message)
        try:
            return Scale(tuple(map(int, parts))).buckets
        except DunningError as error:
            raise ValidationError(message) from error

    @api.model
    def _get_in_force_query(self, as_of):
        """The policy of each company and party on a day; its own before those of all companies."""
        return SQL(
            """
            SELECT DISTINCT ON (company.id, policy.party)
                   company.id AS for_company_id, policy.id, policy.party, policy.basis
              FROM res_company company
              JOIN hc_aging_policy policy
                ON policy.company_id = company.id OR policy.company_id IS NULL
             WHERE policy.active AND policy.date_from <= %s
          ORDER BY company.id, policy.party, policy.company_id NULLS LAST, policy.date_from DESC
            """,
            as_of,
        )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._make_buckets()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if "bucket_last_days" in vals:
            self._make_buckets()
        return result

    def _make_buckets(self):
        for policy in self:
            policy.sudo().bucket_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": bucket.code,
                            "day_from": bucket.first_day,
                            "day_to": _NO_END if bucket.last_day is None else bucket.last_day,
                        }
                    )
                    for bucket in policy._get_buckets()
                ),
            ]
