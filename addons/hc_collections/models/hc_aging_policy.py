# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import SQL

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
    _config_fields = ("party", "basis", "date_from", "bucket_starts", "active")

    name = fields.Char(required=True, translate=True)
    party = fields.Selection(PARTIES, "Who Owes", required=True, default="patient")
    basis = fields.Selection(BASES, "Counted From", required=True, default="responsibility")
    date_from = fields.Date("In Force From", required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    bucket_starts = fields.Char(
        "First Days of the Buckets",
        required=True,
        default="0,31,61,91,121,181",
        help="Days with which each bucket begins, separated by commas; the last has no end.",
    )
    bucket_ids = fields.One2many("hc.aging.bucket", "policy_id", readonly=True)
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(party, coalesce(company_id, 0), date_from) WHERE active",
        "Another policy for these balances is in force from that day.",
    )

    @api.constrains("bucket_starts")
    def _check_bucket_starts(self):
        for policy in self:
            policy._get_starts()

    def _get_starts(self):
        """First days of the buckets.

        :raise ValidationError: they are no ascending whole days from 0
        """
        self.ensure_one()
        parts = [part.strip() for part in (self.bucket_starts or "").split(",")]
        if all(part.isdecimal() and len(part) <= 4 for part in parts):
            starts = [int(part) for part in parts]
            if starts[0] == 0 and starts == sorted(set(starts)) and len(starts) <= 12:
                return starts
        raise ValidationError(
            self.env._(
                "%(policy)s: “%(starts)s” does not make buckets. Enter up to 12 days in ascending "
                "order, the first one 0, as in 0,31,61,91.",
                policy=self.name,
                starts=self.bucket_starts,
            )
        )

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
        if "bucket_starts" in vals:
            self._make_buckets()
        return result

    def _make_buckets(self):
        for policy in self:
            starts = policy._get_starts()
            ends = [start - 1 for start in starts[1:]] + [False]
            policy.sudo().bucket_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": f"{start}-{end}" if end else f"{start}+",
                            "day_from": start,
                            "day_to": end or 99999,
                        }
                    )
                    for start, end in zip(starts, ends, strict=True)
                ),
            ]
