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


# What a posted invoice of a case says. The accounting module lets whoever may do accounting change
# it on the line, or by a key of the context.
_FIXED_FIELDS = frozenset({"line_ids", "invoice_line_ids", "partner_id", "currency_id"})
_FIXED_LINE_FIELDS = frozenset(
    {
        "account_id",
        "amount_currency",
        "balance",
        "credit",
        "currency_id",
        "debit",
        "discount",
        "move_id",
        "partner_id",
        "price_unit",
        "quantity",
        "tax_ids",
    }
)


def _is_case_invoice(move):
    return bool(move.hc_case_id) and move.move_type == "out_invoice"


def _bills_charges(move):
    return _is_case_invoice(move) and not move.hc_transfers_balance


class AccountMove(models.Model):
    """Invoices of billing cases: bound to their case, posted only as charged, never reset."""

    _name = "account.move"
    _inherit = ["account.move", "hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_line_models = ("account.move.line",)

    hc_case_id = fields.Many2one(
        "hc.billing.case",
        "Billing Case",
        compute="_compute_hc_case",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    hc_responsibility = fields.Selection(
        RESPONSIBILITIES, "Responsibility", compute="_compute_hc_case", store=True, copy=False
    )
    hc_facility_id = fields.Many2one(
        "hc.facility",
        "Facility",
        related="hc_case_id.facility_id",
        store=True,
        index="btree_not_null",
    )

    hc_transfers_balance = fields.Boolean(
        "Transfers a Balance",
        readonly=True,
        copy=False,
        help="Asks the patient for what the payer left to them; it bills no charge again.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "hc_case_id",
            "hc_responsibility",
            "hc_facility_id",
            "hc_transfers_balance",
        }

    @api.depends("reversed_entry_id")
    def _compute_hc_case(self):
        # A credit note belongs to the case of the invoice that it reverses; all others are given
        # their case when they are created, by the suite alone.
        for move in self:
            origin = move.reversed_entry_id.filtered(_is_case_invoice)
            move.hc_case_id = origin.hc_case_id or move.hc_case_id
            move.hc_responsibility = origin.hc_responsibility or move.hc_responsibility

    def write(self, vals):
        if _FIXED_FIELDS & vals.keys():
            self._check_not_billed()
        if "move_type" in vals:
            self._check_same_type(vals["move_type"])
        if "state" not in vals:
            return super().write(vals)
        changing = self.filtered(lambda move: move.hc_case_id and move.state != vals["state"])
        changing._check_case_state(vals["state"])
        result = super().write(vals)
        if vals["state"] == "posted":
            changing.filtered(_bills_charges).hc_case_id.sudo()._on_invoice_posted()
        return result

    def _check_same_type(self, move_type):
        """As an entry or a credit note, an invoice of a case would pass by what invoices obey."""
        for move in self:
            if move.hc_case_id and move.move_type != move_type:
                raise UserError(
                    self.env._(
                        "%(move)s belongs to %(case)s and keeps its type. "
                        "Use “Void and Rebill” on the case.",
                        move=move.display_name,
                        case=move.sudo().hc_case_id.name,
                    )
                )

    def _check_case_state(self, target):
        """Guard the state of a case's invoices where it is written.

        Buttons are not the only way: whoever may do accounting may write the state itself.
        """
        if target == "posted":
            invoices = self.filtered(_is_case_invoice)
            invoices.filtered(_bills_charges)._check_matches_charges()
            (self - invoices)._check_voids_invoice()
            return
        self._check_not_billed()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self._check_not_billed()

    def _check_not_billed(self):
        """Posted invoices of cases stay as they are."""
        for move in self:
            if _is_case_invoice(move) and move.state == "posted":
                raise UserError(
                    self.env._(
                        "%(invoice)s bills %(case)s and is neither changed nor reset to draft. "
                        "Use “Void and Rebill” on the case.",
                        invoice=move.name,
                        case=move.sudo().hc_case_id.name,
                    )
                )

    def _check_matches_charges(self):
        """An invoice says exactly what is to be billed; both must be changed by a correction."""
        for move in self.sudo():
            case = move.hc_case_id
            to_bill = case.charge_ids.filtered(lambda charge: charge.state == "pending")
            lines = move.invoice_line_ids
            if (
                lines.hc_charge_id != to_bill
                or len(lines) != len(to_bill)
                or move.currency_id != case.currency_id
                or move.partner_id != case._get_invoice_party()[0]
                or any(
                    move.currency_id.compare_amounts(line.price_total, line.hc_charge_id.amount)
                    for line in lines
                )
            ):
                raise UserError(
                    self.env._(
                        "The invoice of %(case)s differs from its charges. Correct the services "
                        "of the encounter and create the invoice again.",
                        case=case.name,
                    )
                )

    def _check_voids_invoice(self):
        """A case's invoice is credited by the decision to void it, as a whole, and only once."""
        for move in self.sudo():
            invoice = move.reversed_entry_id
            if move.move_type != "out_refund" and not _is_case_invoice(invoice):
                continue
            if invoice.hc_transfers_balance and invoice._is_undoing():
                continue
            if move.hc_case_id.stage != "cancelled" or move.currency_id.compare_amounts(
                move.amount_total, invoice.amount_residual
            ):
                raise UserError(
                    self.env._(
                        "%(invoice)s bills %(case)s and is not credited by hand. "
                        "Use “Void and Rebill” on the case.",
                        invoice=invoice.name or self.env._("The invoice"),
                        case=move.hc_case_id.name,
                    )
                )

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.sudo().hc_case_id._close_if_settled()
        return result


class AccountMoveLine(models.Model):
    """Receivable items carry the case and who answers for them."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "hc.guarded.mixin"]
    _guards_computed_fields = False

    # Not read-only: the ORM would drop what the suite gives an item when it creates an entry. The
    # guard refuses it from everybody else.
    hc_case_id = fields.Many2one(
        "hc.billing.case",
        "Billing Case",
        compute="_compute_hc_case",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    hc_responsibility = fields.Selection(
        RESPONSIBILITIES,
        "Responsibility",
        compute="_compute_hc_case",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )
    hc_charge_id = fields.Many2one(
        "hc.charge",
        "Charge",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_case_id", "hc_responsibility", "hc_charge_id"}

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"].browse(
            {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        )
        moves._check_not_billed()
        return super().create(vals_list)

    def write(self, vals):
        names = _FIXED_LINE_FIELDS & vals.keys()
        if names:
            will_change = self.env["account.move"]._field_will_change
            self.filtered(
                lambda line: any(will_change(line, vals, name) for name in names)
            ).move_id._check_not_billed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        self.move_id._check_not_billed()

    @api.depends("move_id.hc_case_id", "move_id.hc_responsibility", "display_type")
    def _compute_hc_case(self):
        for line in self:
            move = line.move_id
            line.hc_case_id = move.hc_case_id or line.hc_case_id
            # An entry of one party says so on all its items; an invoice on what is to be paid.
            if line.display_type == "payment_term" or move.move_type == "entry":
                line.hc_responsibility = move.hc_responsibility or line.hc_responsibility
            else:
                line.hc_responsibility = line.hc_responsibility
