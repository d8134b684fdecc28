# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..hc_dunning_core.holds import HOLD_KINDS, LEGAL_KINDS
from ..models.hc_contact import CHANNELS, OUTCOMES, PURPOSES

# The other kinds follow from a record (a dispute, a promise, a plan, an application).
_PLACED_BY_PEOPLE = ("manual", "insurance", "cease", "bankruptcy", "deceased")


class HcContactWizard(models.TransientModel):
    """Logs what was said or written, in one click and a sentence."""

    _name = "hc.contact.wizard"
    _description = "Log a Contact"
    _inherit = ["hc.guarded.mixin"]

    account_id = fields.Many2one("hc.collection.account", required=True)
    direction = fields.Selection(
        [("out", "To the Party"), ("in", "From the Party")], required=True, default="out"
    )
    channel = fields.Selection(CHANNELS, required=True, default="call")
    purpose = fields.Selection(PURPOSES, "About", required=True, default="reminder")
    outcome = fields.Selection(OUTCOMES, "What Came of It")
    happened_at = fields.Datetime(
        "When", required=True, default=lambda self: self.env.cr.now().replace(microsecond=0)
    )
    note = fields.Text("What Was Said", required=True)
    follow_up_on = fields.Date("Look Again On")

    def action_confirm(self):
        """Put the contact on the account, and plan the next look."""
        self.ensure_one()
        self.account_id.check_access("write")
        if self.happened_at > self.env.cr.now():
            raise UserError(self.env._("A contact that is logged has taken place already."))
        if self.channel == "call" and not self.outcome:
            raise UserError(self.env._("Choose what came of the call."))
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account_id.id,
                    "key": f"{self._name}:{self.id}",
                    "direction": self.direction,
                    "channel": self.channel,
                    "purpose": self.purpose,
                    "outcome": self.outcome,
                    "body": plaintext2html(self.note),
                    "happened_at": self.happened_at,
                    "user_id": self.env.uid,
                }
            ]
        )
        contact.sudo()._transition("done")
        if self.follow_up_on:
            self.account_id.activity_schedule(
                "mail.mail_activity_data_todo",
                self.follow_up_on,
                summary=self.env._("Follow up"),
                user_id=self.env.uid,
            )
        return {"type": "ir.actions.act_window_close"}


class HcHoldWizard(models.TransientModel):
    """Asks why the follow-up of accounts stops, or of some cases of one, and until when."""

    _name = "hc.hold.wizard"
    _description = "Place a Hold"
    _inherit = ["hc.guarded.mixin"]

    account_ids = fields.Many2many("hc.collection.account", string="Accounts", required=True)
    case_ids = fields.Many2many(
        "hc.billing.case",
        string="Only These Cases",
        help="Empty: the whole account, whatever is billed later.",
    )
    open_case_ids = fields.Many2many(
        "hc.billing.case", "hc_hold_wizard_open_case_rel", compute="_compute_open_case_ids"
    )
    kind = fields.Selection(
        [(code, HOLD_KINDS[code].name) for code in _PLACED_BY_PEOPLE],
        required=True,
        default="manual",
    )
    needs_end = fields.Boolean(compute="_compute_needs_end")
    date_to = fields.Date("Until")
    reason = fields.Char(required=True)

    @api.depends("account_ids")
    def _compute_open_case_ids(self):
        for wizard in self:
            single = wizard.account_ids if len(wizard.account_ids) == 1 else None
            wizard.open_case_ids = single.aging_item_ids.case_id if single else False

    @api.depends("kind")
    def _compute_needs_end(self):
        for wizard in self:
            wizard.needs_end = bool(wizard.kind) and HOLD_KINDS[wizard.kind].needs_end

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind in LEGAL_KINDS:
            self.date_to = False

    def action_confirm(self):
        """Place the hold on each account."""
        self.ensure_one()
        self.account_ids.check_access("write")
        if self.date_to and self.date_to < fields.Date.context_today(self):
            raise UserError(self.env._("A hold ends today or later."))
        # Read beyond the rules: a case that is not seen would make it a hold of the whole account.
        cases = self.sudo().case_ids.with_env(self.env)
        if cases and len(self.account_ids) > 1:
            raise UserError(self.env._("Choose cases for one account at a time."))
        if cases and self.kind in LEGAL_KINDS:
            raise UserError(self.env._("“%s” holds the whole account.", HOLD_KINDS[self.kind].name))
        cases.check_access("read")
        for account in self.account_ids:
            self.env["hc.collection.hold"]._place(
                account, self.kind, self.reason, cases=cases, date_to=self.date_to
            )
        return {"type": "ir.actions.act_window_close"}


class HcHoldReleaseWizard(models.TransientModel):
    """Asks why a hold ends."""

    _name = "hc.hold.release.wizard"
    _description = "Release a Hold"
    _inherit = ["hc.guarded.mixin"]

    hold_id = fields.Many2one("hc.collection.hold", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """End the hold."""
        self.ensure_one()
        self.hold_id._release_by_person(self.reason)
        return {"type": "ir.actions.act_window_close"}


class HcCollectionAssignWizard(models.TransientModel):
    """Asks who works accounts: one collector, or a team within its caps."""

    _name = "hc.collection.assign.wizard"
    _description = "Assign Accounts"
    _inherit = ["hc.guarded.mixin"]

    account_ids = fields.Many2many("hc.collection.account", string="Accounts", required=True)
    mode = fields.Selection(
        [("collector", "One Collector"), ("team", "A Team, by Room"), ("nobody", "Nobody")],
        required=True,
        default="collector",
    )
    collector_id = fields.Many2one(
        "res.users",
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("hc_revenue_base.group_hc_collector").ids)
        ],
    )
    team_id = fields.Many2one("hc.collection.team")

    def action_confirm(self):
        """Assign the accounts; tell how many had no room."""
        self.ensure_one()
        accounts = self.account_ids
        if self.mode == "team":
            if not self.team_id:
                raise UserError(self.env._("Choose the team."))
            done = self.team_id._assign(accounts)
        elif self.mode == "nobody":
            accounts._set_collector(self.env["res.users"])
            done = accounts
        else:
            if not self.collector_id.has_group("hc_revenue_base.group_hc_collector"):
                raise UserError(self.env._("Choose a collector."))
            accounts._set_collector(self.collector_id)
            done = accounts
        left = len(accounts) - len(done)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "sticky": bool(left),
                "message": self.env._(
                    "%(done)s accounts assigned, %(left)s left over.", done=len(done), left=left
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
