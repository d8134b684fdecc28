# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core.ledger_acts import ADJUSTMENTS, LEDGER_ACTS, REFUNDS, REVERSAL
from ..models.account_move import RESPONSIBILITIES

_MINIMUM_JUSTIFICATION_LENGTH = 10


class HcAdjustmentWizard(models.TransientModel):
    """Asks for what an adjustment, a refund or a reversal needs, and requests it case by case."""

    _name = "hc.adjustment.wizard"
    _description = "Adjust a Balance"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_fields = frozenset({"action_ids"})

    case_ids = fields.Many2many("hc.billing.case", string="Cases", required=True)
    case_count = fields.Integer(compute="_compute_case_count")
    reversed_action_id = fields.Many2one("hc.controlled.action", "Act to Reverse")
    kind = fields.Selection([(act.kind, act.label) for act in (*ADJUSTMENTS, *REFUNDS)], "Type")
    responsibility = fields.Selection(
        RESPONSIBILITIES, "Party", compute="_compute_responsibility", store=True, readonly=False
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency", store=True)
    amount_available = fields.Monetary("Available", compute="_compute_available")
    available_count = fields.Integer(compute="_compute_available")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    reason_usage = fields.Char(compute="_compute_reason_usage")
    reason_code_id = fields.Many2one("hc.reason.code", "Reason", required=True)
    justification = fields.Text(required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    action_ids = fields.Many2many("hc.controlled.action", string="Requested", readonly=True)

    @api.depends("case_ids")
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    @api.depends("case_ids")
    def _compute_currency(self):
        for wizard in self:
            wizard.currency_id = wizard.case_ids.currency_id[:1]

    def _get_act(self):
        return REVERSAL if self.reversed_action_id else LEDGER_ACTS.get(self.kind)

    @api.depends("kind", "case_ids")
    def _compute_responsibility(self):
        """Propose the party with the largest amount, of those to whom the act applies."""
        for wizard in self:
            parties = LEDGER_ACTS[wizard.kind].responsibilities if wizard.kind else ()
            amounts = {party: sum(wizard._get_available(party).values()) for party in parties}
            wizard.responsibility = max(parties, key=amounts.get, default=False)

    def _get_available(self, responsibility):
        """``{case: amount}`` that the act may move for a party; none of nothing."""
        amounts = {
            case: case._get_adjustable_amount(self.kind, responsibility)
            for case in self.case_ids._origin
        }
        return {case: amount for case, amount in amounts.items() if amount}

    @api.depends("kind", "responsibility", "case_ids")
    def _compute_available(self):
        for wizard in self:
            is_known = wizard.kind and wizard.responsibility
            available = wizard._get_available(wizard.responsibility) if is_known else {}
            wizard.amount_available = sum(available.values())
            wizard.available_count = len(available)

    @api.depends("amount_available", "reversed_action_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.reversed_action_id.amount or wizard.amount_available

    @api.depends("kind", "reversed_action_id")
    def _compute_reason_usage(self):
        for wizard in self:
            act = wizard._get_act()
            wizard.reason_usage = act.reason_usage if act else False

    def action_request(self):
        """Request the act for every case; asked again, answer what became of it."""
        self.ensure_one()
        self.case_ids.check_access("read")
        self._lock_wizard()
        if not self.action_ids:
            self._check_complete()
            self._write_guarded({"action_ids": [(6, 0, self._request().ids)]})
        return self._get_outcome()

    def _lock_wizard(self):
        # Of two clicks at once the second waits no longer than it takes to be told.
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["action_ids"])

    def _check_complete(self):
        if not self._get_act():
            raise UserError(self.env._("Choose what is to be done with the balance."))
        if len((self.justification or "").strip()) < _MINIMUM_JUSTIFICATION_LENGTH:
            raise UserError(
                self.env._("Say in a sentence why: whoever decides and the audit log read it.")
            )
        if self.reason_code_id.usage != self.reason_usage:
            raise UserError(self.env._("Choose a reason that belongs to this type."))
        if len(self.case_ids.currency_id) > 1:
            raise UserError(self.env._("Select cases of one currency."))
        foreign = self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user)
        if foreign:
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))

    def _request(self):
        if self.reversed_action_id:
            case = self.reversed_action_id.case_id
            return case._request_reversal(self.reversed_action_id, **self._prepare_request(case))
        amounts = self._get_amounts()
        if not amounts:
            raise UserError(self.env._("Nothing is open for this party on the selected cases."))
        actions = self.env["hc.controlled.action"]
        for case, amount in amounts.items():
            actions |= case._request_adjustment(
                self.kind, self.responsibility, amount, **self._prepare_request(case)
            )
        return actions

    def _get_amounts(self):
        """``{case: amount}``: as entered for one case, all that is open for each of several."""
        if len(self.case_ids) == 1:
            return {self.case_ids: self.amount}
        return self._get_available(self.responsibility)

    def _prepare_request(self, case):
        """Values of the request for one case; each gets the evidence."""
        justification = self.justification.strip()
        return {
            "idempotency_key": f"{self._name}:{self.id}:{case.id}",
            "reason_code_id": self.reason_code_id.id,
            "justification": justification,
            "evidence": [
                {"evidence_type": "justification", "text": justification},
                *[
                    {"evidence_type": "attachment", "attachment_id": file.id}
                    for file in self.attachment_ids
                ],
            ],
        }

    def _get_outcome(self):
        """Tell what became of the requests, and why one was refused."""
        by_state = defaultdict(self.action_ids.browse)
        for action in self.action_ids:
            by_state[action.state] |= action
        states = dict(self.action_ids._fields["state"]._description_selection(self.env))
        lines = [f"{states[state]}: {len(actions)}" for state, actions in by_state.items()]
        if len(self.action_ids) == 1:
            lines = [f"{self.action_ids.name}: {states[self.action_ids.state]}"]
        lines += sorted({reason for reason in self.action_ids.mapped("gate_reason") if reason})
        refused = bool(by_state["rejected"])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "sticky": refused,
                "message": " · ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
