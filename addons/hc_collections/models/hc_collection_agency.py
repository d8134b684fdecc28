# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .hc_placement import OUT_STATES

_TOLD_STATES = (*OUT_STATES, "recalled", "closed")


class HcCollectionAgency(models.Model):
    """Who collects for the office what the office could not.

    A nonprofit hospital refers debts only under a written agreement that binds the agency to the
    hospital's own duties: 26 CFR 1.501(r)-6(c)(10).
    """

    _name = "hc.collection.agency"
    _description = "Collection Agency"
    _inherit = ["mail.thread"]
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Names the agency in files.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="restrict")
    phone = fields.Char(help="What patients are told to call.")
    license_number = fields.Char("License")
    commission_percent = fields.Float("Commission (%)", digits=(5, 2), tracking=True)
    agreement = fields.Binary("Written Agreement", attachment=True)
    agreement_name = fields.Char()
    agreement_from = fields.Date("In Force From", tracking=True)
    agreement_to = fields.Date("In Force Until", tracking=True, help="Empty: until it is ended.")
    has_agreement = fields.Boolean("Agreement in Force", compute="_compute_has_agreement")
    source_id = fields.Many2one(
        "hc.payment.source",
        "Payment Source",
        check_company=True,
        ondelete="restrict",
        help="In whose journal its payments arrive.",
    )
    active = fields.Boolean(default=True)
    placement_ids = fields.One2many("hc.placement", "agency_id", "Placements", readonly=True)
    placement_count = fields.Integer("With the Agency", compute="_compute_placement_count")
    untold_count = fields.Integer("To Tell", compute="_compute_placement_count")
    amount_placed = fields.Monetary("Placed Ever", compute="_compute_figures")
    amount_collected = fields.Monetary("Collected", compute="_compute_figures")
    amount_commission = fields.Monetary("Commission", compute="_compute_figures")
    recovery_percent = fields.Float(
        "Recovery (%)",
        digits=(5, 1),
        compute="_compute_figures",
        help="What it has collected, of all that was placed with it.",
    )

    _code_unique = models.UniqueIndex("(company_id, code)", "Another agency has this code.")
    _commission_sane = models.Constraint(
        "CHECK (commission_percent >= 0 AND commission_percent <= 100)",
        "The commission is 0 to 100 per cent.",
    )
    _agreement_ordered = models.Constraint(
        "CHECK (agreement_to IS NULL OR agreement_to >= agreement_from)",
        "The agreement ends before it begins.",
    )

    @api.depends("agreement", "agreement_from", "agreement_to")
    def _compute_has_agreement(self):
        today = fields.Date.context_today(self)
        for agency in self:
            agency.has_agreement = agency._has_agreement(today)

    def _has_agreement(self, day):
        """Whether a written agreement binds the agency on a day."""
        self.ensure_one()
        sized = self.with_context(bin_size=True)
        return bool(
            sized.agreement
            and self.agreement_from
            and self.agreement_from <= day
            and (not self.agreement_to or self.agreement_to >= day)
        )

    def _compute_placement_count(self):
        for agency in self:
            placements = agency.placement_ids
            agency.placement_count = len(placements.filtered(lambda one: one.state in OUT_STATES))
            agency.untold_count = len(agency._get_untold())

    def _compute_figures(self):
        rows = self.env["hc.placement"]._read_group(
            [("agency_id", "in", self.ids), ("state", "in", _TOLD_STATES)],
            ["agency_id"],
            ["amount_placed:sum", "amount_collected:sum", "amount_commission:sum"],
        )
        found = {agency.id: amounts for agency, *amounts in rows}
        for agency in self:
            placed, collected, commission = found.get(agency.id, (0.0, 0.0, 0.0))
            agency.amount_placed = placed
            agency.amount_collected = collected
            agency.amount_commission = commission
            agency.recovery_percent = 100.0 * collected / placed if placed else 0.0

    def action_open_report(self):
        """Ask for the file in which the agency reports payments and confirmed recalls."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take an Agency's Report In"),
            "res_model": "hc.agency.report.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_agency_id": self.id},
        }

    def _get_untold(self):
        """Placements of which the agency has to be told: handed over, or ended."""
        return self.placement_ids.filtered(
            lambda one: (
                (one.state == "placed" and not one.file_id)
                or (
                    one.state in ("recalling", "recalled", "closed")
                    and one.file_id
                    and not one.end_file_id
                )
            )
        ).sorted("id")
