# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..lifecycles import CADENCE_RUN
from .hc_aging_policy import PARTIES

OPEN_STATES = ("proposed", "executing")


class HcCadenceRun(models.Model):
    """One round of reminders: who gets what and why, and why others do not.

    Proposed for a day by a published policy, which cannot change any more; reviewed or not; then
    executed, when each row is decided again before anything leaves. Of a company and a kind of
    party one run is open at a time.
    """

    _name = "hc.cadence.run"
    _description = "Cadence Run"
    _inherit = ["hc.lifecycle.mixin", "hc.job.mixin", "hc.reach.mixin", "mail.thread"]
    _order = "id desc"
    _lifecycles = {"state": CADENCE_RUN}
    _guarded_fields = frozenset(
        {"name", "company_id", "party", "policy_id", "as_of", "is_partial", "user_id"}
    )

    name = fields.Char(required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    party = fields.Selection(PARTIES, "Who Owes", required=True, readonly=True)
    policy_id = fields.Many2one(
        "hc.cadence.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    as_of = fields.Date("Day", required=True, readonly=True, index=True)
    is_partial = fields.Boolean("Chosen Accounts Only", readonly=True)
    user_id = fields.Many2one("res.users", "Started By", required=True, readonly=True)
    proposal_ids = fields.One2many("hc.cadence.proposal", "run_id", readonly=True)
    due_count = fields.Integer("To Go Out", compute="_compute_counts")
    due_amount = fields.Monetary("Followed Up", compute="_compute_counts")
    contacted_count = fields.Integer("Recorded", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    excluded_count = fields.Integer("Left Out", compute="_compute_counts")
    withdrawn_count = fields.Integer("Not Any More", compute="_compute_counts")
    summary_html = fields.Html("Summary", compute="_compute_summary_html")

    _open_unique = models.UniqueIndex(
        "(company_id, party) WHERE state IN ('proposed', 'executing')",
        "Another run of these balances is open.",
    )

    @api.depends("proposal_ids.state")
    def _compute_counts(self):
        rows = self.env["hc.cadence.proposal"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count", "followed_amount:sum"]
        )
        found = {(run.id, state): (count, amount) for run, state, count, amount in rows}
        for run in self:
            proposed = found.get((run.id, "proposed"), (0, 0.0))
            contacted = found.get((run.id, "contacted"), (0, 0.0))
            run.due_count = proposed[0]
            run.due_amount = proposed[1] + contacted[1]
            run.contacted_count = contacted[0]
            for state in ("skipped", "excluded", "withdrawn"):
                run[f"{state}_count"] = found.get((run.id, state), (0, 0.0))[0]

    @api.depends("proposal_ids.state")
    def _compute_summary_html(self):
        """Who gets what, and why others get nothing, in numbers."""
        proposals = self.env["hc.cadence.proposal"]
        labels = {
            name: dict(proposals._fields[name]._description_selection(self.env))
            for name in ("state", "reason", "channel")
        }
        for run in self:
            rows = proposals._read_group(
                [("run_id", "=", run.id)],
                ["state", "reason", "level_id", "channel"],
                ["__count", "followed_amount:sum"],
            )
            run.summary_html = self.env["ir.qweb"]._render(
                "hc_collections.cadence_run_summary",
                {
                    "currency": run.currency_id,
                    "labels": labels,
                    "going": [row for row in rows if row[0] != "skipped"],
                    "skipped": [row for row in rows if row[0] == "skipped"],
                },
            )

    @api.model
    def _propose(self, company, party, as_of, accounts=None, scope=None):
        """Open a run and decide on all accounts, or on some.

        :param date as_of: the day, not after today and not before that of an earlier run
        :param accounts: only these; they are the company's and the party's
        :param scope: domain of accounts, the pilot of an automation; a query chooses them
        :return: the run
        :raise UserError: no policy is in force, another run is open, or the day lies wrongly
        """
        policy = self.env["hc.cadence.policy"]._get_in_force(company, party, as_of)
        if not policy:
            raise UserError(
                self.env._(
                    "No cadence policy of %(company)s is in force on %(day)s. Publish one.",
                    company=company.name,
                    day=as_of,
                )
            )
        self._check_day(company, party, as_of)
        run = self._open_run(
            {
                "name": self.env["ir.sequence"].sudo().next_by_code("hc.cadence.run") or "/",
                "company_id": company.id,
                "party": party,
                "policy_id": policy.id,
                "as_of": as_of,
                "is_partial": bool(accounts),
                "user_id": self.env.uid,
            }
        )
        owing = self.env["hc.collection.account"].sudo()
        owing.search(
            [("company_id", "=", company.id), ("party", "=", party), ("state", "!=", "active")]
        )._reset_stage()
        if accounts is None and scope and not Domain(scope).is_true():
            accounts = owing._search(
                Domain(scope) & Domain([("company_id", "=", company.id), ("party", "=", party)])
            )
        self.env["hc.cadence.proposal"]._insert_for(run, accounts)
        return run

    @api.model
    def _check_day(self, company, party, as_of):
        today = fields.Date.context_today(self)
        if as_of > today:
            raise UserError(self.env._("%s has not come yet: choose today.", as_of))
        domain = [("company_id", "=", company.id), ("party", "=", party)]
        last = self.sudo().search(
            [*domain, ("state", "!=", "cancelled")], order="as_of desc", limit=1
        )
        if last and last.as_of > as_of:
            raise UserError(
                self.env._(
                    "%(run)s looked at %(day)s already: a later run does not go back in time.",
                    run=last.name,
                    day=last.as_of,
                )
            )

    @api.model
    def _open_run(self, vals):
        is_taken = UserError(
            self.env._(
                "A run of these balances is open already. Execute or cancel it first; two at "
                "once could contact somebody twice."
            )
        )
        same = [(name, "=", vals[name]) for name in ("company_id", "party")]
        if self.sudo().search_count([*same, ("state", "in", OPEN_STATES)], limit=1):
            raise is_taken
        try:
            # A flushing savepoint would run what waits for the end of the transaction.
            with self.env.cr.savepoint(flush=False):
                return self.sudo()._create_guarded([vals]).sudo(self.env.su)
        except psycopg2.errors.UniqueViolation:
            # Another transaction was faster.
            raise is_taken from None

    def _get_reached(self):
        return "hc.cadence.proposal", [("run_id", "=", self.id)]

    def action_cancel(self):
        """Let nothing more go out; what was recorded stays recorded."""
        self._check_reach("cancel")
        self.sudo()._transition("cancelled")

    def action_open_proposals(self):
        """Open the rows of a run, those that go out first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_cadence_proposal_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action

    def action_open_skipped(self):
        """Open the accounts that nothing goes out to, by reason."""
        action = self.action_open_proposals()
        action["domain"].append(("state", "=", "skipped"))
        action["context"] = {"search_default_group_reason": 1}
        return action

    def action_open_contacts(self):
        """Open the contacts that this run has made."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_collections.hc_contact_action")
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action
