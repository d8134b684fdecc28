# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.hc_remittance_settlement import SETTLEMENTS


class HcRemittanceSettlementWizard(models.TransientModel):
    """What the money of a held answer is: posted before by people, or too much."""

    _name = "hc.remittance.settlement.wizard"
    _description = "Settle a Held Answer"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    answer_id = fields.Many2one("hc.remittance.claim", required=True, readonly=True)
    currency_id = fields.Many2one(related="answer_id.currency_id")
    amount_paid = fields.Monetary(related="answer_id.amount_paid")
    hold_advice = fields.Char(related="answer_id.hold_advice")
    settlement = fields.Selection(SETTLEMENTS, "The Money", required=True, default="elsewhere")
    line_ids = fields.One2many(
        "hc.remittance.settlement.line",
        "wizard_id",
        "Postings",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    is_reviewed = fields.Boolean("I have looked at the postings and at the payer's answer")
    reason = fields.Text("What You Found", required=True)

    @api.depends("answer_id")
    def _compute_line_ids(self):
        """The postings of people against this payer on the case; those that agree are chosen."""
        for wizard in self:
            answer, found = wizard.answer_id, wizard._get_found()
            wizard.line_ids = [Command.clear()] + [
                Command.create(
                    {
                        "item_id": item.id,
                        "amount": amount,
                        "is_chosen": not answer.currency_id.compare_amounts(
                            amount, answer.amount_paid
                        ),
                    }
                )
                for item, amount in found.items()
            ]

    def _get_found(self):
        """``{posting: amount}`` that may stand for the answer."""
        answer = self.answer_id.sudo()
        return answer._get_settlement_items() if answer else {}

    def action_confirm(self):
        """Request it; where nobody must agree it is done at once."""
        self.ensure_one()
        if not self.is_reviewed:
            raise UserError(self.env._("Look at the postings first, and say so."))
        answer = self.answer_id
        answer.check_access("write")
        items = self.env["account.move.line"]
        if self.settlement == "elsewhere":
            items = self.line_ids.filtered("is_chosen").sudo().item_id.sudo(False)
        action = answer._request_settlement(
            self.settlement,
            items,
            idempotency_key=f"settle:{answer.id}:{self.id}",
            justification=self.reason,
            evidence=[
                {"evidence_type": "justification", "text": self.reason},
                {
                    "evidence_type": "record",
                    "res_model": answer.remittance_id._name,
                    "res_id": answer.remittance_id.id,
                },
            ],
        )
        return action.sudo(False)._get_records_action()


class HcRemittanceSettlementLine(models.TransientModel):
    """A posting that may stand for the answer."""

    _name = "hc.remittance.settlement.line"
    _description = "Posting That Settles an Answer"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    wizard_id = fields.Many2one(
        "hc.remittance.settlement.wizard", required=True, ondelete="cascade"
    )
    item_id = fields.Many2one("account.move.line", "Posting", required=True, readonly=True)
    name = fields.Char("Entry", compute="_compute_name", compute_sudo=True)
    date = fields.Date(compute="_compute_name", compute_sudo=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id", store=True)
    amount = fields.Monetary("Settles Here", readonly=True)
    is_chosen = fields.Boolean("Stands for It")

    @api.depends("item_id", "wizard_id.answer_id")
    def _compute_name(self):
        """Of postings that the wizard found, and of no others that a client names."""
        for wizard, lines in self.grouped("wizard_id").items():
            found = wizard._get_found()
            for line in lines:
                is_found = line.item_id in found
                line.name = line.item_id.move_id.name if is_found else False
                line.date = line.item_id.date if is_found else False
