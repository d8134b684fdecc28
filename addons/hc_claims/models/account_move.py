# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Entries that a remittance posted: nothing but its reversal or its undoing undoes them."""

    _inherit = "account.move"

    hc_remittance_id = fields.Many2one(
        "hc.remittance",
        "Remittance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_remittance_id"}

    def _get_cause(self):
        return super()._get_cause() or self.sudo().hc_remittance_id or self._get_answer_stood_for()

    def _get_answer_stood_for(self):
        """The answer that was settled by this entry of people instead of by one of its own."""
        answers = self.env["hc.remittance.claim"].sudo()
        if self.move_type != "entry":
            return answers
        return answers.search(
            [
                ("settlement_item_ids", "in", self.sudo().line_ids.ids),
                ("state", "in", ("posted", "reversed")),
            ],
            limit=1,
        )

    def _refuse_undoing(self):
        answer = self._get_answer_stood_for()
        if answer:
            raise UserError(
                self.env._(
                    "%(entry)s stands for the answer to %(claim)s in the remittance "
                    "%(remittance)s and stays as it is. Use “Undo Posting” on the remittance.",
                    entry=self.name,
                    claim=answer.patient_control_number,
                    remittance=answer.remittance_id.name,
                )
            )
        remittance = self.sudo().hc_remittance_id
        if remittance:
            raise UserError(
                self.env._(
                    "%(entry)s was posted by the remittance %(remittance)s and stays as it is. "
                    "Use “Undo Posting” on the remittance.",
                    entry=self.name,
                    remittance=remittance.name,
                )
            )
        return super()._refuse_undoing()


class AccountMoveLine(models.Model):
    """Items say which answer of which payer they post."""

    _inherit = "account.move.line"

    hc_remittance_claim_id = fields.Many2one(
        "hc.remittance.claim",
        "Answered Claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_remittance_claim_id"}


class AccountPartialReconcile(models.Model):
    """The case's log names the remittance that settled it."""

    _inherit = "account.partial.reconcile"

    def _get_settlement_facts(self, line, other):
        facts = super()._get_settlement_facts(line, other)
        remittance = other.move_id.hc_remittance_id
        return facts | {"by": "remittance", "remittance": remittance.id} if remittance else facts
