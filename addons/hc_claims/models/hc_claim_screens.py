# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_patient import CLINICAL_GROUP, PHI_GROUP
from odoo.addons.hc_revenue_base.models.hc_work_item import OPEN_STATES

from ..lifecycles import UNSENT_STATES, WAITING_STATES

# Columns that the board shows even when they are empty.
_BOARD_STATES = ("held", "ready", "submitted", "accepted", "rejected")
# Days left from which the countdown is shown in colour.
URGENT_DAYS = 7
_WARNING_DAYS = 30
# The clock runs until the payer has a claim that it can decide.
FILING_STATES = (*UNSENT_STATES, "rejected")


class HcClaim(models.Model):
    """What the claim's screens show besides its own fields, and where their buttons lead."""

    _inherit = "hc.claim"

    state = fields.Selection(group_expand="_expand_states")
    is_filing = fields.Boolean(
        "Clock Runs",
        compute="_compute_days_left",
        help="Not with the payer yet, or rejected: a rejection does not stop the filing clock.",
    )
    days_left = fields.Integer("Days to File", compute="_compute_days_left")
    filing_color = fields.Integer(compute="_compute_days_left")
    days_waiting = fields.Integer(compute="_compute_days_waiting")
    reason = fields.Char(
        compute="_compute_reason",
        groups=f"{PHI_GROUP},{CLINICAL_GROUP}",
        help="Why the claim is held, or what its rejection said.",
    )
    open_work_item_count = fields.Integer(
        "Open Work Items", compute="_compute_open_work_item_count"
    )
    invoice_count = fields.Integer(related="case_id.invoice_count")
    encounter_id = fields.Many2one(related="case_id.encounter_id")
    service_date_from = fields.Date(related="case_id.service_date_from", store=True)
    clearinghouse_id = fields.Many2one(related="payer_id.clearinghouse_id")

    @api.model
    def _expand_states(self, states, domain):
        """Columns of the board, in the order of the life cycle.

        Those in use, and the usual ones unless the search asks for some statuses only.
        """
        asked = any(part.field_expr == "state" for part in Domain(domain).iter_conditions())
        shown = set(states) if asked else {*states, *_BOARD_STATES}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    @api.depends("filing_deadline", "state")
    def _compute_days_left(self):
        today = fields.Date.context_today(self)
        for claim in self:
            claim.is_filing = claim.state in FILING_STATES and bool(claim.filing_deadline)
            claim.days_left = (claim.filing_deadline - today).days if claim.is_filing else 0
            if not claim.is_filing:
                claim.filing_color = 0
            elif claim.days_left <= URGENT_DAYS:
                claim.filing_color = 1
            else:
                claim.filing_color = 3 if claim.days_left <= _WARNING_DAYS else 10

    @api.depends("state", "objections", "status_ids")
    def _compute_reason(self):
        for claim in self:
            if claim.state == "held":
                claim.reason = (claim.objections or [{}])[0].get("message", "")
            elif claim.state in ("rejected", "information_requested"):
                said = claim.status_ids.filtered(
                    lambda row, state=claim.state: row.outcome == state
                )[:1]
                claim.reason = said.message or said.display_name or ""
            else:
                claim.reason = ""

    @api.depends("submitted_on", "state")
    def _compute_days_waiting(self):
        today = fields.Date.context_today(self)
        for claim in self:
            waits = claim.submitted_on and claim.state in WAITING_STATES
            claim.days_waiting = (today - claim.submitted_on).days if waits else 0

    def _compute_open_work_item_count(self):
        counts = dict(
            self.env["hc.work.item"]._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", OPEN_STATES),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        for claim in self:
            claim.open_work_item_count = counts.get(claim.id, 0)

    def action_open_case(self):
        """Open the case that the claim bills."""
        self.ensure_one()
        return _form_action("hc.billing.case", self.case_id.id)

    def action_open_batch(self):
        """Open the file that the claim went out in."""
        self.ensure_one()
        return _form_action("hc.claim.batch", self.batch_id.id)

    def action_open_invoices(self):
        """Open the invoices of the claim's case."""
        self.ensure_one()
        return self.case_id.action_open_invoices()

    def action_open_work_items(self):
        """Open the work items about the claim."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_work_item_action"
        )
        return action | {
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id)],
            "context": {},
        }

    def action_take(self):
        """From now on these claims are mine."""
        self.check_access("write")
        self.write({"responsible_user_id": self.env.uid})


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    claim_count = fields.Integer(compute="_compute_claim_count")

    def _compute_claim_count(self):
        counts = dict(
            self.env["hc.claim"]._read_group(
                [("case_id", "in", self.ids)], ["case_id"], ["__count"]
            )
        )
        for case in self:
            case.claim_count = counts.get(case, 0)

    def action_open_claims(self):
        """Open the claims of the case."""
        self.ensure_one()
        claims = self.claim_ids
        if len(claims) == 1:
            return _form_action("hc.claim", claims.id)
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_action")
        return action | {"domain": [("case_id", "=", self.id)], "context": {}}


def _form_action(model_name, record_id):
    return {
        "type": "ir.actions.act_window",
        "res_model": model_name,
        "res_id": record_id,
        "views": [(False, "form")],
    }
