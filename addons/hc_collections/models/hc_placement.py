# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_dunning_core.holds import AMOUNT, EXTRAORDINARY, HOLD_KINDS
from ..lifecycles import PLACEMENT
from .hc_assistance_application import OPEN_STATES as OPEN_APPLICATION_STATES

_PLACING_GROUP = "hc_revenue_base.group_hc_supervisor"
MINIMUM_REASON_LENGTH = 10


class HcPlacement(models.Model):
    """One account handed to an agency, until it is paid or recalled.

    It is requested as a controlled action. What the agency is told goes out in files: each
    placement once, and once that it has ended.
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
            "amount_placed",
            "placed_on",
            "ended_on",
            "end_reason",
            "action_id",
            "file_id",
            "end_file_id",
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
    amount_placed = fields.Monetary("Placed", readonly=True)
    amount_open = fields.Monetary(related="account_id.amount_open", string="Still Open")
    amount_recovered = fields.Monetary(
        "Paid Since",
        compute="_compute_amount_recovered",
        help="What the ledger shows paid or settled since the account was placed.",
    )
    placed_on = fields.Date(readonly=True, copy=False)
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

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")
    _one_open = models.UniqueIndex(
        "(account_id) WHERE state IN ('requested', 'placed')",
        "The account is with an agency, or its placement is requested.",
    )

    @api.depends("amount_placed", "amount_open", "state")
    def _compute_amount_recovered(self):
        for placement in self:
            is_out = placement.state in ("placed", "closed")
            left = placement.amount_open if placement.state == "placed" else 0.0
            placement.amount_recovered = max(0.0, placement.amount_placed - left) if is_out else 0.0

    @api.model
    def _request(self, account, agency, *, justification, idempotency_key):
        """Ask that an account is handed to an agency.

        :param account: with a final notice given
        :param agency: who gets it
        :param str justification: why, in a sentence
        :return: the placement
        :raise UserError: the account may not be placed as things are
        """
        account.ensure_one()
        account.check_access("write")
        account._lock_for_transition(["state"])
        if len((justification or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: whoever decides reads it."))
        self._check_placeable(account)
        if self.sudo().search_count(
            [("account_id", "=", account.id), ("state", "in", ("requested", "placed"))], limit=1
        ):
            raise UserError(self.env._("The placement of %s is requested already.", account.name))
        placement = self.sudo()._create_guarded(
            [
                {
                    "name": self.env["ir.sequence"].next_by_code("hc.placement"),
                    "account_id": account.id,
                    "agency_id": agency.id,
                    "amount_placed": account.amount_open,
                }
            ]
        )
        action = self.env["hc.controlled.action"]._request(
            "agency_placement",
            placement.with_env(self.env),
            idempotency_key=idempotency_key,
            amount=account.amount_open,
            justification=justification.strip(),
            evidence=[
                {"evidence_type": "justification", "text": justification.strip()},
                {"evidence_type": "record", "res_model": account._name, "res_id": account.id},
            ],
        )
        placement._write_guarded({"action_id": action.id})
        return placement.with_env(self.env)

    @api.model
    def _check_placeable(self, account):
        """Refuse what may not go to an agency.

        Pending assistance, bankruptcy, a dispute and the like stop it (26 CFR 1.501(r)-6, 11
        U.S.C. 362, 15 U.S.C. 1692g), and so does a final notice that was not given.

        :raise UserError: with the reason
        """
        account_sudo = account.sudo()
        objection = False
        holds = account_sudo.hold_ids.filtered(lambda hold: hold.state == "active")
        stopping = holds.filtered(
            lambda hold: HOLD_KINDS[hold.kind].stops & {EXTRAORDINARY, AMOUNT}
        )
        if account_sudo.party != "patient":
            objection = self.env._("payers are not placed with an agency")
        elif account_sudo.currency_id.compare_amounts(account_sudo.amount_open, 0) <= 0:
            objection = self.env._("nothing is open")
        elif account_sudo.state != "pre_collections":
            objection = self.env._("the final notice has not been given")
        elif stopping:
            objection = self.env._("“%s” holds it", stopping[0].display_name)
        elif account_sudo.assistance_ids.filtered(
            lambda each: each.state in OPEN_APPLICATION_STATES
        ):
            objection = self.env._("an application for assistance is open")
        if objection:
            raise UserError(
                self.env._(
                    "%(account)s is not placed: %(reason)s.", account=account.name, reason=objection
                )
            )

    def _place(self, action):
        """Hand the account over; the next file tells the agency."""
        self.ensure_one()
        account = self.account_id
        account._lock_for_transition(["state"])
        self._check_placeable(account)
        self._write_guarded(
            {
                "amount_placed": account.amount_open,
                "placed_on": fields.Date.context_today(self),
            }
        )
        self._transition(
            "placed",
            reason=action.justification,
            facts={"action": action.id},
            on_behalf_of=action.requester_id,
        )
        account._transition("placed", reason=action.justification, facts={"placement": self.id})

    def action_open_recall(self):
        """Ask why the account is taken back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recall from the Agency"),
            "res_model": "hc.placement.recall.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_placement_id": self.id},
        }

    def _recall(self, reason):
        """Take the account back; the next file tells the agency to stop.

        :raise UserError: the reason is missing, or the account is not with the agency
        """
        self.ensure_one()
        if len((reason or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: the agency is told."))
        self._transition("recalled", reason=reason.strip())
        self._end(reason.strip())
        self.account_id.sudo()._transition_where_allowed("active", reason=reason.strip())

    def _end(self, reason):
        self.sudo()._write_guarded(
            {"ended_on": fields.Date.context_today(self), "end_reason": reason}
        )


class HcCollectionAccount(models.Model):
    """The way from an account to an agency and back."""

    _inherit = "hc.collection.account"

    placement_ids = fields.One2many("hc.placement", "account_id", "Placements", readonly=True)

    def action_open_placement(self):
        """Ask which agency gets these accounts, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Place with an Agency"),
            "res_model": "hc.placement.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_ids": self.ids},
        }

    def _on_state_active(self, previous):
        """An account that the ledger shows as paid is no longer with the agency."""
        placements = self.sudo().placement_ids.filtered(lambda each: each.state == "placed")
        if placements:
            placements._transition("closed", reason=self.env._("nothing is open any more"))
            placements._end(self.env._("paid"))


class HcControlledAction(models.Model):
    """Handing an account to an agency."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("agency_placement", "Placement with an Agency")],
        ondelete={"agency_placement": "cascade"},
    )

    def _gate(self):
        """Base alone lets supervisors place; a module with approvals asks its policies."""
        if self.kind == "agency_placement" and not self.requester_id.has_group(_PLACING_GROUP):
            return GateDecision(
                "refuse", self.env._("Supervisors place accounts with an agency. Ask one of them.")
            )
        return super()._gate()

    def _get_related_kind(self):
        return "bad_debt" if self.kind == "agency_placement" else super()._get_related_kind()

    def _apply_agency_placement(self):
        self._get_subject().sudo()._place(self)

    def _get_placements(self):
        placed = self.filtered(lambda action: action.kind == "agency_placement")
        return self.env["hc.placement"].sudo().browse(placed.mapped("res_id")).exists()

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        """A placement that nobody agreed to is not waited for any longer."""
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if field_name == "state" and target in ("rejected", "void", "expired"):
            self._get_placements()._transition_where_allowed("refused", reason=reason)
        return result
