# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP

from ..lifecycles import CLAIM

FREQUENCIES = [("1", "Original"), ("7", "Replacement"), ("8", "Void")]
ADJUDICATED_STATES = ("paid", "partially_paid", "denied")


class HcClaim(models.Model):
    """What one payer is asked to pay for one case: one claim per payer order and version.

    A case of more services than a form has lines is asked for in parts: claims of their own, with
    their own numbers, lines and totals, which together are the case.

    A claim that was sent never changes: a correction is a new version with its own number, so
    that every answer of the payer finds exactly what it answers. The stage of the case and who
    owes the receivable are other notions.
    """

    _name = "hc.claim"
    _description = "Claim"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.job.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "filing_deadline, id"
    _rec_names_search = ["name", "payer_claim_number"]
    _check_company_auto = True
    _lifecycles = {"state": CLAIM}
    _guarded_fields = frozenset(
        {
            "name",
            "case_id",
            "coverage_id",
            "payer_id",
            "payer_order",
            "part",
            "version",
            "frequency",
            "origin_claim_id",
            "claim_type",
            "amount_charged",
            "payer_claim_number",
            "content",
            "submitted_on",
        }
    )

    name = fields.Char(
        "Patient Control No.",
        required=True,
        readonly=True,
        copy=False,
        help="CLM01: the payer gives it back with every answer.",
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="case_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="case_id.patient_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    coverage_id = fields.Many2one(
        "hc.coverage", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payer_id = fields.Many2one(
        "hc.payer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    payer_order = fields.Selection(
        [("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary")], required=True, readonly=True
    )
    claim_type = fields.Selection(
        [("professional", "Professional (837P)"), ("institutional", "Institutional (837I)")],
        required=True,
        readonly=True,
    )
    part = fields.Integer(
        required=True,
        readonly=True,
        default=1,
        aggregator=None,
        help="A case of more services than the form has lines is sent as several claims.",
    )
    part_count = fields.Integer("Parts", compute="_compute_part_count")
    version = fields.Integer(required=True, readonly=True, default=1)
    frequency = fields.Selection(FREQUENCIES, required=True, readonly=True, default="1")
    origin_claim_id = fields.Many2one(
        "hc.claim", "Replaces", readonly=True, index=True, copy=False, ondelete="restrict"
    )
    line_ids = fields.One2many("hc.claim.line", "claim_id", "Lines", readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_patient = fields.Monetary("Patient Responsibility", readonly=True)
    payer_claim_number = fields.Char(
        "Payer Claim No.", readonly=True, copy=False, index="btree_not_null"
    )
    # What was sent, as values of the X12 package's dataclasses: the file and the picture of the
    # claim are made from it, whatever happens to the records afterwards.
    content = fields.Json(readonly=True, copy=False, groups=f"{PHI_GROUP},{CLINICAL_GROUP}")
    filing_deadline = fields.Date(readonly=True, index=True, help="Last day of timely filing.")
    submitted_on = fields.Date(readonly=True, copy=False, index=True)
    adjudicated_on = fields.Date(readonly=True, copy=False)
    responsible_user_id = fields.Many2one("res.users", "Claims Specialist", index=True)

    _name_unique = models.UniqueIndex("(company_id, name)", "This claim number is taken.")
    _version_unique = models.UniqueIndex(
        "(case_id, payer_order, part, version)", "The case has this version of the claim already."
    )
    # CLM01 has at most 20 characters that payers give back.
    _name_short = models.Constraint(
        "CHECK (char_length(name) <= 20)", "A claim number has at most 20 characters."
    )

    @property
    def _responsibility(self):
        """Whose receivable the claim collects, as ``hc.balance`` names it."""
        return f"payer_{self.payer_order}"

    @api.model
    def _next_numbers(self, company, count):
        """Claim numbers of a company."""
        return self.env["ir.sequence"]._draw_numbers("hc.claim", company, count)
