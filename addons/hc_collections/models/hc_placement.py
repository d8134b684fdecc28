# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..lifecycles import PLACEMENT

# The agency has it, as far as it was told.
OUT_STATES = ("placed", "recalling")
OPEN_STATES = ("requested", *OUT_STATES)


class HcPlacement(models.Model):
    """Cases of one account handed to an agency, until they are paid or recalled.

    It is requested as a controlled action. What the agency is told goes out in files: each
    placement once, and once that it has ended. What is billed later stays with the office.
    """

    _name = "hc.placement"
    _description = "Agency Placement"
    _inherit = ["hc.lifecycle.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": PLACEMENT}
    _guarded_fields = frozenset(
        {
            "name",
            "account_id",
            "agency_id",
            "line_ids",
            "placed_on",
            "recall_asked_on",
            "recall_reason",
            "ended_on",
            "end_reason",
            "action_id",
            "file_id",
            "end_file_id",
            "file_objection",
        }
    )

    name = fields.Char("Placement No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="requested",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    agency_id = fields.Many2one(
        "hc.collection.agency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    line_ids = fields.One2many("hc.placement.line", "placement_id", "Cases", readonly=True)
    payment_ids = fields.One2many("hc.placement.payment", "placement_id", "Payments", readonly=True)
    amount_placed = fields.Monetary("Placed", compute="_compute_amount_placed", store=True)
    amount_open = fields.Monetary("Still Open", compute="_compute_open")
    amount_recovered = fields.Monetary(
        "Paid Since",
        compute="_compute_open",
        help="What the ledger shows paid or settled of its cases since they were placed.",
    )
    amount_collected = fields.Monetary(
        "Paid Through the Agency", compute="_compute_collected", store=True
    )
    amount_commission = fields.Monetary("Commission", compute="_compute_collected", store=True)
    placed_on = fields.Date(readonly=True, copy=False)
    recall_asked_on = fields.Date(readonly=True, copy=False)
    recall_reason = fields.Char("Recalled Because", readonly=True, copy=False)
    ended_on = fields.Date(readonly=True, copy=False)
    end_reason = fields.Char(readonly=True, copy=False)
    action_id = fields.Many2one(
        "hc.controlled.action", "Request", readonly=True, copy=False, ondelete="restrict"
    )
    file_id = fields.Many2one(
        "hc.exchange", "Told in File", readonly=True, copy=False, ondelete="restrict"
    )
    end_file_id = fields.Many2one(
        "hc.exchange", "End Told in File", readonly=True, copy=False, ondelete="restrict"
    )
    file_objection = fields.Char(
        "Left Out of the File", readonly=True, copy=False, help="Why it could not go out."
    )

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")
    _one_request = models.UniqueIndex(
        "(account_id) WHERE state = 'requested'",
        "A placement of the account is requested already.",
    )

    @api.depends("line_ids.amount_placed")
    def _compute_amount_placed(self):
        for placement in self:
            placement.amount_placed = sum(placement.line_ids.mapped("amount_placed"))

    @api.depends("payment_ids.amount_booked", "payment_ids.amount_commission")
    def _compute_collected(self):
        for placement in self:
            placement.amount_collected = sum(placement.payment_ids.mapped("amount_booked"))
            placement.amount_commission = sum(placement.payment_ids.mapped("amount_commission"))

    @api.depends("line_ids.amount_placed", "state", "account_id.amount_open")
    def _compute_open(self):
        known = self._read_open()
        for placement in self:
            amount_open = sum(known.get(placement.id, {}).values())
            placement.amount_open = amount_open if placement.state in OPEN_STATES else 0.0
            is_counted = placement.state in (*OUT_STATES, "closed")
            placement.amount_recovered = (
                max(0.0, placement.amount_placed - placement.amount_open) if is_counted else 0.0
            )

    def _read_open(self):
        """What the ledger shows open of the cases of placements.

        :return: ``{placement id: {case id or None: amount}}``
        """
        self_sudo = self.sudo()
        today = fields.Date.context_today(self)
        amounts = {}
        for account_id, case_id, amount in self.env["hc.statement"]._query_open(
            self_sudo.account_id, today
        ):
            if amount > 0:
                amounts[account_id, case_id] = amount
        return {
            placement.id: {
                line.case_id.id or None: amounts[key]
                for line in placement.line_ids
                if not line.left_out_because
                and (key := (placement.account_id.id, line.case_id.id or None)) in amounts
            }
            for placement in self_sudo
        }

    def _get_placed_cases(self):
        """The cases that the agency follows up; empty where it follows up the whole account."""
        lines = self.sudo().line_ids.filtered(lambda line: not line.left_out_because)
        return lines.case_id if all(line.case_id for line in lines) else lines.case_id.browse()
