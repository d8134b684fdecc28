# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

RESPONSIBILITIES = [
    ("payer_1", "Primary Payer"),
    ("payer_2", "Secondary Payer"),
    ("payer_3", "Tertiary Payer"),
    ("patient", "Patient"),
]


class AccountMove(models.Model):
    """Invoices of billing cases: bound to their case, posted only as charged, never reset."""

    _name = "account.move"
    _inherit = ["account.move", "hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_line_models = ("account.move.line",)

    hc_case_id = fields.Many2one(
        "hc.billing.case", "Billing Case", compute="_compute_hc_case", store=True, copy=False,
        index="btree_not_null", ondelete="restrict",
    )
    hc_responsibility = fields.Selection(
        RESPONSIBILITIES, "Responsibility", compute="_compute_hc_case", store=True, copy=False
    )
    hc_facility_id = fields.Many2one(
        "hc.facility", "Facility", related="hc_case_id.facility_id", store=True,
        index="btree_not_null",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_case_id", "hc_responsibility"}

    @api.depends("reversed_entry_id")
    def _compute_hc_case(self):
        # A credit note belongs to the case of the invoice that it reverses; an invoice is given
        # its case when it is created.
        for move in self:
            origin = move.reversed_entry_id
            move.hc_case_id = origin.hc_case_id or move.hc_case_id
            move.hc_responsibility = origin.hc_responsibility or move.hc_responsibility

    def _post(self, soft=True):
        case_invoices = self.filtered(
            lambda move: move.hc_case_id and move.move_type == "out_invoice"
        )
        case_invoices._check_matches_charges()
        posted = super()._post(soft)
        (posted & case_invoices).hc_case_id.sudo()._on_invoice_posted()
        return posted

    def _check_matches_charges(self):
        """An invoice says exactly what the charges say; both must be changed by a correction."""
        for move in self:
            charges_sudo = move.invoice_line_ids.sudo().hc_charge_id
            foreign_lines = move.invoice_line_ids.filtered(lambda line: not line.hc_charge_id)
            charged = sum(charges_sudo.mapped("amount"))
            if (
                foreign_lines
                or charges_sudo.case_id != move.hc_case_id
                or "void" in charges_sudo.mapped("state")
                or move.currency_id.compare_amounts(charged, move.amount_total)
            ):
                raise UserError(
                    self.env._(
                        "The invoice of %(case)s differs from its charges. Correct the services "
                        "of the encounter and create the invoice again.",
                        case=move.hc_case_id.name,
                    )
                )

    def button_draft(self):
        invoices = self.filtered(lambda m: m.hc_case_id and m.state == "posted")
        if invoices:
            raise UserError(
                self.env._(
                    "%(invoice)s bills %(case)s and cannot be reset to draft. "
                    "Use “Void and Rebill” on the case.",
                    invoice=invoices[0].name,
                    case=invoices[0].hc_case_id.name,
                )
            )
        return super().button_draft()

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.sudo().hc_case_id._close_if_settled()
        return result


class AccountMoveLine(models.Model):
    """Receivable items carry the case and who answers for them."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "hc.guarded.mixin"]
    _guards_computed_fields = False

    hc_case_id = fields.Many2one(
        "hc.billing.case", "Billing Case", compute="_compute_hc_case", store=True, precompute=True,
        copy=False, index="btree_not_null", ondelete="restrict",
    )
    hc_responsibility = fields.Selection(
        RESPONSIBILITIES, "Responsibility", compute="_compute_hc_case", store=True,
        precompute=True, copy=False,
    )
    hc_charge_id = fields.Many2one(
        "hc.charge", "Charge", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "hc_case_id", "hc_responsibility", "hc_charge_id"
        }

    @api.depends("move_id.hc_case_id", "move_id.hc_responsibility", "display_type")
    def _compute_hc_case(self):
        for line in self:
            move = line.move_id
            line.hc_case_id = move.hc_case_id or line.hc_case_id
            if line.display_type == "payment_term":
                line.hc_responsibility = move.hc_responsibility
            else:
                line.hc_responsibility = line.hc_responsibility
