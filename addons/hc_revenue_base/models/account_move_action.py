# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

_FIXED_FIELDS = frozenset({"date", "journal_id"})
_FIXED_PAYMENT_FIELDS = frozenset(
    {"amount", "currency_id", "date", "journal_id", "move_id", "partner_id", "payment_type"}
)
_UNDONE_STATES = ("draft", "canceled", "rejected")


class AccountMove(models.Model):
    """Entries that a controlled action posted: only another action undoes them."""

    _inherit = "account.move"

    hc_action_id = fields.Many2one(
        "hc.controlled.action",
        "Controlled Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"hc_action_id"}

    def write(self, vals):
        if _FIXED_FIELDS & vals.keys() or vals.get("state", "posted") != "posted":
            self._check_act_stands()
        elif "state" in vals:
            self._check_undoes_no_act()
        return super().write(vals)

    def _check_not_billed(self):
        result = super()._check_not_billed()
        self._check_act_stands()
        return result

    def _get_cause(self):
        """The record that posted the entry: nothing but that record's own acts undoes it."""
        self.ensure_one()
        return self.sudo().hc_action_id

    def _check_act_stands(self):
        for move in self:
            if move.state == "posted" and move._get_cause():
                move._refuse_undoing()

    def _check_undoes_no_act(self):
        for move in self:
            undone = move.reversed_entry_id
            if undone and undone._get_cause() and not move._get_cause():
                undone._refuse_undoing()

    def _refuse_undoing(self):
        raise UserError(
            self.env._(
                "%(entry)s was posted by “%(action)s” and stays as it is. "
                "Use “Reverse” on that controlled action.",
                entry=self.name,
                action=self.sudo().hc_action_id.name,
            )
        )


class AccountPayment(models.Model):
    """A refund says what its entry says; Odoo would let the one change without the other."""

    _name = "account.payment"
    _inherit = ["account.payment", "hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_fields = frozenset({"hc_action_id"})

    hc_action_id = fields.Many2one(
        "hc.controlled.action",
        "Controlled Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _get_cause(self):
        """The record for which the suite made the payment; a sibling says its own."""
        self.ensure_one()
        return self.sudo().hc_action_id

    def write(self, vals):
        if _FIXED_PAYMENT_FIELDS & vals.keys() or vals.get("state") in _UNDONE_STATES:
            moves = self.move_id
            if not moves._is_undoing():
                moves._check_act_stands()
        return super().write(vals)


class AccountPartialReconcile(models.Model):
    """What an act settled stays settled, on its own case."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._check_acts_settle_own_case()
        return partials

    def unlink(self):
        for partial in self:
            # What the bank says of the money is accounting's own business.
            items = (partial.debit_move_id | partial.credit_move_id).filtered(
                lambda item: item.account_type == "asset_receivable"
            )
            moves = items.move_id.filtered(lambda move: move._get_cause())
            # Of two acts that settle each other, undoing the one frees what the other posted.
            if moves and not any(move._is_undoing() for move in moves):
                moves[0]._refuse_undoing()
        return super().unlink()

    def _check_acts_settle_own_case(self):
        for partial in self.sudo():
            sides = (partial.debit_move_id, partial.credit_move_id)
            for line, other in (sides, sides[::-1]):
                case = line.hc_case_id
                # A refund is on the account of a party, and of the case that it was asked for.
                settled = other.hc_case_id or other.move_id.hc_action_id.case_id
                if case and case != settled and line.move_id._get_cause():
                    raise UserError(
                        self.env._(
                            "%(entry)s adjusts %(case)s and settles nothing else.",
                            entry=line.move_id.name,
                            case=case.name,
                        )
                    )
