# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core.ledger_acts import ADJUSTMENTS, LEDGER_ACTS, REFUNDS
from .account_move import RESPONSIBILITIES
from .hc_controlled_action import GateDecision

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
_REVERSIBLE = frozenset(act.kind for act in (*ADJUSTMENTS, *REFUNDS))


class HcControlledAction(models.Model):
    """Adjustments, refunds and reversals: the acts that change what is owed without a payment.

    ``parameters`` holds ``{"responsibility": …}``, or ``{"action_id": …}`` for a reversal. The
    subject is the billing case, which posts what the act says.
    """

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[(act.kind, act.label) for act in LEDGER_ACTS.values()],
        ondelete=dict.fromkeys(LEDGER_ACTS, "cascade"),
    )
    responsibility = fields.Selection(RESPONSIBILITIES, compute="_compute_responsibility")
    entry_ids = fields.One2many("account.move", "hc_action_id", "Journal Entries", readonly=True)
    reversal_id = fields.Many2one(
        "hc.controlled.action", "Reversed By", compute="_compute_reversal", compute_sudo=True
    )
    is_reversible = fields.Boolean(compute="_compute_reversal", compute_sudo=True)

    _reversed_once = models.UniqueIndex(
        "((parameters ->> 'action_id')) WHERE kind = 'reversal' AND state = 'applied'",
        "This action was reversed already.",
    )

    @api.depends("parameters")
    def _compute_responsibility(self):
        keys = {key for key, _label in RESPONSIBILITIES}
        for action in self:
            value = (action.parameters or {}).get("responsibility")
            action.responsibility = value if value in keys else False

    @api.depends("kind", "state", "res_model")
    def _compute_reversal(self):
        domain = [("kind", "=", "reversal"), ("state", "=", "applied")]
        subjects = [(name, "in", self.mapped(name)) for name in ("res_model", "res_id")]
        reversals = self.search([*domain, *subjects])
        by_id = {(reversal.parameters or {}).get("action_id"): reversal for reversal in reversals}
        for action in self:
            action.reversal_id = by_id.get(action.id)
            action.is_reversible = action._has_own_reversal() and not action.reversal_id

    def _has_own_reversal(self):
        """Whether it is an applied act of those that a reversal undoes."""
        self.ensure_one()
        return (
            self.state == "applied" and (self.kind, self.res_model) in self._get_reversible_acts()
        )

    @api.model
    def _get_reversible_acts(self):
        """``{(kind, model of the subject)}`` of acts that "reversal" undoes; a sibling extends.

        The subject's ``_reverse_adjustment`` does it. Acts on other records go with them: they
        have no reversal of their own.
        """
        return {(kind, "hc.billing.case") for kind in _REVERSIBLE}

    def _gate(self):
        """Base alone lets managers act on the ledger; a module with approvals asks its policies."""
        if self.kind in LEDGER_ACTS and not any(map(self.requester_id.has_group, _DECIDERS)):
            return GateDecision(
                "refuse",
                self.env._(
                    "Managers and finance managers adjust balances. Ask one of them to request it."
                ),
            )
        return super()._gate()

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "reversal":
            self._get_reversed_action()
        elif self.kind in LEDGER_ACTS:
            self._get_subject()._check_adjustment(self)
        return result

    def _get_reversed_action(self):
        """The applied act that this one reverses.

        :raise UserError: there is nothing to reverse, or it was reversed already
        """
        self.ensure_one()
        original = self.browse((self.parameters or {}).get("action_id", 0)).exists()
        if not original or original.res_id != self.res_id or original.res_model != self.res_model:
            raise UserError(self.env._("The act to reverse does not belong to this case."))
        # While it is being applied, this one is found as the reversal itself.
        if original.reversal_id - self:
            raise UserError(self.env._("“%(action)s” was reversed already.", action=original.name))
        if not original._has_own_reversal():
            raise UserError(
                self.env._(
                    "“%(action)s” cannot be reversed: only applied adjustments and refunds are.",
                    action=original.name,
                )
            )
        if self.currency_id != original.currency_id or self.currency_id.compare_amounts(
            self.amount, original.amount
        ):
            raise UserError(
                self.env._("“%(action)s” is reversed as a whole.", action=original.name)
            )
        return original

    def _apply_adjustment(self):
        self._get_subject().sudo()._post_adjustment(self)

    def _apply_refund(self):
        self._get_subject().sudo()._pay_refund(self)

    def _apply_reversal(self):
        self._get_subject().sudo()._reverse_adjustment(self)

    _apply_denial_write_off = _apply_adjustment
    _apply_small_balance = _apply_adjustment
    _apply_administrative_write_off = _apply_adjustment
    _apply_bad_debt = _apply_adjustment
    _apply_charity_care = _apply_adjustment
    _apply_discount_prompt_pay = _apply_adjustment
    _apply_discount_courtesy = _apply_adjustment
    _apply_dispute_invoice = _apply_adjustment
    _apply_contract_deviation = _apply_adjustment
    _apply_refund_patient = _apply_refund
    _apply_refund_payer = _apply_refund

    def action_open_reversal(self):
        """Ask why the act is reversed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reverse %(action)s", action=self.name),
            "res_model": "hc.adjustment.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_reversed_action_id": self.id,
                "default_case_ids": self.case_id.ids,
            },
        }

    def action_open_entries(self):
        """Open what the act posted."""
        self.ensure_one()
        return self.entry_ids._get_records_action()
