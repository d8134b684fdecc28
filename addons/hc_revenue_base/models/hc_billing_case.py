# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core import lifecycles

# From here on the case says what was billed, whatever happens to its encounter.
BILLED_STAGES = ("invoiced", "closed", "reopened", "cancelled")


class HcBillingCase(models.Model):
    """What one encounter owes: from its charges to a closed account.

    Three notions stay apart: the case's stage (here), the status of each payer claim, and who
    answers for the open balance (``hc.balance``).
    """

    _name = "hc.billing.case"
    _description = "Billing Case"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "priority desc, service_date_from, id"
    _check_company_auto = True
    _lifecycles = {"stage": lifecycles.BILLING_CASE}
    _guarded_fields = frozenset(
        {
            "name",
            "encounter_id",
            "origin_case_id",
            "invoice_ids",
            "evaluation_id",
            "stage_entered_at",
        }
    )

    name = fields.Char("Case No.", required=True, readonly=True, copy=False, index=True)
    # Not tracked in the chatter: the log has every move, at a fiftieth of the cost.
    stage = fields.Selection(
        selection=lambda self: self._get_lifecycle("stage").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    stage_entered_at = fields.Datetime(
        "In Stage Since",
        readonly=True,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
        copy=False,
    )
    priority = fields.Selection([("0", "Normal"), ("1", "Urgent")], default="0", index=True)
    encounter_id = fields.Many2one(
        "hc.encounter", required=True, readonly=True, index=True, ondelete="restrict"
    )
    origin_case_id = fields.Many2one(
        "hc.billing.case", "Rebill Of", readonly=True, index=True, copy=False, ondelete="restrict"
    )
    rebill_case_ids = fields.One2many("hc.billing.case", "origin_case_id", "Rebilled As")
    patient_id = fields.Many2one(related="encounter_id.patient_id", store=True, index=True)
    facility_id = fields.Many2one(related="encounter_id.facility_id", store=True, index=True)
    department_id = fields.Many2one(related="encounter_id.department_id", store=True, index=True)
    company_id = fields.Many2one(related="encounter_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(
        "hc.payer",
        compute="_compute_payer",
        store=True,
        index=True,
        help="Who was billed; follows the encounter's coverage until the case is invoiced.",
    )
    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        compute="_compute_payer_type",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    responsible_user_id = fields.Many2one("res.users", "Biller", index=True, tracking=True)
    charge_ids = fields.One2many("hc.charge", "case_id", "All Charges", readonly=True)
    live_charge_ids = fields.One2many(
        "hc.charge", "case_id", "Charges to Bill", domain=[("state", "!=", "void")], readonly=True
    )
    charge_count = fields.Integer(compute="_compute_amounts", store=True)
    amount_charged = fields.Monetary("Charges", compute="_compute_amounts", store=True)
    service_date_from = fields.Date(compute="_compute_amounts", store=True, index=True)
    service_date_to = fields.Date(compute="_compute_amounts", store=True, index=True)
    invoice_ids = fields.One2many(
        "account.move",
        "hc_case_id",
        "Invoices",
        domain=[("move_type", "in", ("out_invoice", "out_refund"))],
        readonly=True,
    )
    work_item_ids = fields.One2many("hc.work.item", "case_id", "Work Items", readonly=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This case number is taken.")
    _one_live_case = models.UniqueIndex(
        "(encounter_id) WHERE stage != 'cancelled'", "The encounter has a billing case already."
    )

    @api.depends("encounter_id.payer_id")
    def _compute_payer(self):
        for case in self:
            billed = case.stage in BILLED_STAGES
            case.payer_id = case.payer_id if billed else case.encounter_id.payer_id

    @api.depends("payer_id.payer_type")
    def _compute_payer_type(self):
        for case in self:
            case.payer_type = case.payer_id.payer_type or "self_pay"

    @api.depends("charge_ids.amount", "charge_ids.state", "charge_ids.service_date")
    def _compute_amounts(self):
        for case in self:
            charges = case.charge_ids.filtered(lambda charge: charge.state != "void")
            dates = charges.mapped("service_date")
            case.charge_count = len(charges)
            case.amount_charged = sum(charges.mapped("amount"))
            case.service_date_from = min(dates) if dates else False
            case.service_date_to = max(dates) if dates else False
