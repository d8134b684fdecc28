# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.csv_safe import csv_lines

_HEADER = (
    "instruction",
    "placement",
    "account",
    "last_name",
    "first_name",
    "street",
    "street2",
    "city",
    "state",
    "zip",
    "phone",
    "amount",
    "currency",
    "owed_since",
    "reason",
)
_PATIENT_FIELDS = ("last_name", "first_name", "street", "zip", "phone")


class HcCollectionAgency(models.Model):
    """Who collects for the office what the office could not."""

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
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="restrict")
    phone = fields.Char(help="What patients are told to call.")
    license_number = fields.Char("License")
    commission_percent = fields.Float("Commission (%)", digits=(5, 2))
    active = fields.Boolean(default=True)
    placement_ids = fields.One2many("hc.placement", "agency_id", "Placements", readonly=True)
    placement_count = fields.Integer("With the Agency", compute="_compute_placement_count")
    untold_count = fields.Integer("To Tell", compute="_compute_placement_count")

    _code_unique = models.UniqueIndex("(company_id, code)", "Another agency has this code.")
    _commission_sane = models.Constraint(
        "CHECK (commission_percent >= 0 AND commission_percent <= 100)",
        "The commission is 0 to 100 per cent.",
    )

    def _compute_placement_count(self):
        for agency in self:
            placements = agency.placement_ids
            agency.placement_count = len(placements.filtered(lambda one: one.state == "placed"))
            agency.untold_count = len(agency._get_untold())

    def _get_untold(self):
        """Placements of which the agency has to be told: handed over, or ended."""
        return self.placement_ids.filtered(
            lambda one: (
                (one.state == "placed" and not one.file_id)
                or (one.state in ("recalled", "closed") and one.file_id and not one.end_file_id)
            )
        ).sorted("id")

    def action_create_file(self):
        """Write the file that tells the agency what is new; whoever asked for it hands it over.

        :raise UserError: there is nothing to tell, or the user may not
        """
        self.ensure_one()
        if not self.env.user.has_group("hc_revenue_base.group_hc_supervisor"):
            raise UserError(self.env._("Supervisors send files to agencies. Ask one of them."))
        placements = self._get_untold()
        placements._lock_for_transition(["state", "file_id", "end_file_id"])
        placements = placements & self._get_untold()
        if not placements:
            raise UserError(self.env._("%s knows everything already.", self.name))
        placements.account_id.patient_id._note_phi_read(_PATIENT_FIELDS, "export")
        number = self.env["ir.sequence"].next_by_code("hc.placement.file")
        exchange = self.env["hc.exchange"]._send(
            "agency_placement",
            self.code,
            number,
            "".join(csv_lines(_HEADER, map(self._prepare_row, placements))).encode(),
            f"{self.code}-{number}.csv",
            company=self.company_id,
        )
        exchange.sudo()._finish_sending()
        for placement in placements.sudo():
            told = "file_id" if placement.state == "placed" else "end_file_id"
            placement._write_guarded({told: exchange.id})
        return exchange._get_records_action()

    def _prepare_row(self, placement):
        """One line of the file: who owes what, nothing of why they were treated."""
        account = placement.account_id.sudo()
        patient = account.patient_id
        is_new = placement.state == "placed"
        amount = placement.amount_placed if is_new else 0.0
        return (
            {"placed": "PLACE", "recalled": "RECALL", "closed": "CLOSE"}[placement.state],
            placement.name,
            account.name,
            patient.last_name or "",
            patient.first_name or "",
            *(
                (
                    patient.street or "",
                    patient.street2 or "",
                    patient.city or "",
                    patient.state_id.code or "",
                    patient.zip or "",
                    patient.phone or "",
                )
                if is_new
                else ("",) * 6
            ),
            Decimal(float_repr(amount, placement.currency_id.decimal_places)),
            placement.currency_id.name,
            account.oldest_on if is_new and account.oldest_on else "",
            "" if is_new else placement.end_reason or "",
        )


class HcExchange(models.Model):
    """Files to agencies."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("agency_placement", "Placement File")],
        ondelete={"agency_placement": "cascade"},
    )
