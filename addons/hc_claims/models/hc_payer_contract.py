# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lifecycles import PAYER_CONTRACT

# Prices that a payer agreed to are a business secret: who works with them reads them.
CONTRACT_READERS = ",".join(
    f"hc_revenue_base.group_hc_{role}"
    for role in ("claims_specialist", "manager", "finance_manager", "compliance", "administrator")
)


class HcPayerContract(models.Model):
    """What a payer has agreed to pay: one version of a contract, with its terms.

    Once published it is fixed: payments were compared with it.
    """

    _name = "hc.payer.contract"
    _description = "Payer Contract"
    _inherit = ["hc.versioned.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "payer_id, code, version desc"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True
    _lifecycles = {"state": PAYER_CONTRACT}
    _draft_fields = frozenset(
        {
            "name",
            "code",
            "company_id",
            "payer_id",
            "plan_name",
            "facility_ids",
            "date_from",
            "date_to",
            "tolerance_amount",
            "tolerance_percent",
            "unlisted_percent",
            "reduced_percent",
        }
    )
    _publisher_groups = (
        "hc_revenue_base.group_hc_manager",
        "hc_revenue_base.group_hc_finance_manager",
    )

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="All versions share it.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(
        "hc.payer", required=True, index=True, check_company=True, ondelete="restrict"
    )
    plan_name = fields.Char(
        "Plan", help="Only coverages of this plan; empty: all plans without their own contract."
    )
    facility_ids = fields.Many2many(
        "hc.facility",
        string="Facilities",
        check_company=True,
        help="Empty: all facilities without their own contract.",
    )
    date_from = fields.Date("Effective From", required=True, tracking=True)
    date_to = fields.Date("Effective To", tracking=True)
    tolerance_amount = fields.Monetary(
        "Tolerated Amount", default=1.0, help="A difference of a service counts when it is above."
    )
    tolerance_percent = fields.Float(
        "Tolerated Share (%)",
        digits=(5, 2),
        help="And above this share of what was expected; 0: the amount alone decides.",
    )
    unlisted_percent = fields.Float(
        "Codes Without a Price (% of Charge)",
        digits=(5, 2),
        groups=CONTRACT_READERS,
        help="Where the fee schedule of a term has no price for the code; 0: nothing is expected.",
    )
    reduced_percent = fields.Float(
        "Further Procedures of a Day (%)",
        digits=(5, 2),
        default=50.0,
        groups=CONTRACT_READERS,
        help="Of the terms marked as reduced, the dearest procedure of a day is paid in full, "
        "others at this percentage.",
    )
    term_ids = fields.One2many(
        "hc.payer.contract.term", "contract_id", "Terms", copy=True, groups=CONTRACT_READERS
    )
    term_count = fields.Integer(compute="_compute_term_count", compute_sudo=True)
    author_ids = fields.Many2many(relation="hc_payer_contract_author_rel")
    note = fields.Html(
        help="What this version changes, and where the paper is.", groups=CONTRACT_READERS
    )

    _version_unique = models.UniqueIndex(
        "(company_id, code, version)", "The contract has this version already."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The contract ends before it starts."
    )
    _percentages = models.Constraint(
        "CHECK (tolerance_amount >= 0 AND tolerance_percent BETWEEN 0 AND 100"
        " AND unlisted_percent BETWEEN 0 AND 100 AND reduced_percent BETWEEN 0 AND 100)",
        "Tolerances are not negative, percentages between 0 and 100.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = self.env._(
                "%(name)s, version %(version)s", name=contract.name or "", version=contract.version
            )

    @api.depends("term_ids")
    def _compute_term_count(self):
        for contract in self:
            contract.term_count = len(contract.term_ids)

    @api.constrains("payer_id", "company_id")
    def _check_payer_company(self):
        for contract in self:
            if contract.payer_id.company_id != contract.company_id:
                raise ValidationError(self.env._("The payer belongs to another company."))

    @api.model
    def _get_version_key(self, vals):
        return vals.get("company_id") or self.env.company.id, vals.get("code")

    def _get_fixed_reason(self):
        return self.env._("payments were compared with it")

    def _get_publisher_message(self):
        return self.env._(
            "Managers and finance managers publish and withdraw contracts. Ask one of them."
        )

    def _prepare_new_version_vals(self):
        return super()._prepare_new_version_vals() | {"date_to": self.date_to}

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Contract with its terms"),
                "template": "/hc_claims/static/import/payer_contract_sample.csv",
            }
        ]

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        # A copy of an expired contract has no end yet.
        for vals in vals_list:
            if vals.get("date_to") and vals["date_to"] < vals["date_from"]:
                vals["date_to"] = False
        return vals_list

    def _is_effective(self, as_of):
        """Whether the contract's dates span a day."""
        self.ensure_one()
        return self.date_from <= as_of and (not self.date_to or as_of <= self.date_to)
