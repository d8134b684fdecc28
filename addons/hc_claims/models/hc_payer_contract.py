# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..lifecycles import PAYER_CONTRACT

# Prices that a payer agreed to are a business secret: who works with them reads them.
CONTRACT_READERS = ",".join(
    f"hc_revenue_base.group_hc_{role}"
    for role in ("claims_specialist", "manager", "finance_manager", "compliance", "administrator")
)
_DRAFT_FIELDS = frozenset(
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


class HcPayerContract(models.Model):
    """What a payer has agreed to pay: one version of a contract, with its terms.

    A draft is edited freely. Once published it is fixed: payments were compared with it. What
    changes is a new version, which takes over on its first day.
    """

    _name = "hc.payer.contract"
    _description = "Payer Contract"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "payer_id, code, version desc"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True
    _lifecycles = {"state": PAYER_CONTRACT}
    _guarded_fields = frozenset({"version", "author_ids", "published_at"})

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="All versions share it.")
    version = fields.Integer(required=True, readonly=True, default=1, copy=False)
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
    published_at = fields.Datetime("Published", readonly=True, copy=False)
    author_ids = fields.Many2many(
        "res.users", "hc_payer_contract_author_rel", string="Authors", readonly=True, copy=False
    )
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
    def _complete_vals(self, vals_list):
        completed, given = [], {}
        for vals in super()._complete_vals(vals_list):
            key = (vals.get("company_id") or self.env.company.id, vals.get("code"))
            if key not in given:
                given[key] = self._get_last_version(*key)
            given[key] += 1
            completed.append({**vals, "version": given[key]})
        return completed

    @api.model
    def _get_last_version(self, company_id, code):
        last = self.sudo().search(
            [("company_id", "=", company_id), ("code", "=", code)], order="version desc", limit=1
        )
        return last.version

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        contracts._note_author()
        return contracts

    def write(self, vals):
        if _DRAFT_FIELDS & vals.keys() and not self._is_permitted(
            {name: vals[name] for name in _DRAFT_FIELDS & vals.keys()}
        ):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what is published, and note who changes a draft.

        Held until the change is through: nobody publishes meanwhile what then has other terms.
        """
        self.sudo()._lock_for_transition(["state"])
        for contract in self.sudo():
            if contract.state != "draft":
                raise UserError(
                    self.env._(
                        "%(contract)s is %(state)s and cannot be changed: payments were compared "
                        "with it. Use “New Version”.",
                        contract=contract.display_name,
                        state=contract._get_lifecycle("state").label(contract.state).lower(),
                    )
                )
        self._note_author()

    def _note_author(self):
        # Who has a hand in a version does not publish it.
        for contract in self.sudo():
            if self.env.user not in contract.author_ids:
                contract._write_guarded({"author_ids": [(4, self.env.uid)]})

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Contract with its terms"),
                "template": "/hc_claims/static/import/payer_contract_sample.csv",
            }
        ]

    def action_new_version(self):
        """Copy the contract into a draft that will take over from it."""
        self.ensure_one()
        last_end = self.date_to
        draft = self.copy({"date_from": fields.Date.context_today(self), "date_to": last_end})
        return draft._get_records_action()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        # A copy of an expired contract has no end yet.
        for vals in vals_list:
            if vals.get("date_to") and vals["date_to"] < vals["date_from"]:
                vals["date_to"] = False
        return vals_list

    def action_discard(self):
        """Give a draft up."""
        self._check_draft()
        self._transition("withdrawn", reason=self.env._("discarded"))

    def _is_effective(self, as_of):
        """Whether the contract's dates span a day."""
        self.ensure_one()
        return self.date_from <= as_of and (not self.date_to or as_of <= self.date_to)
