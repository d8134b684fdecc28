# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.pdf import merge_pdf

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

from ..lifecycles import STATEMENT_RUN
from .hc_statement import check_supervisor

LINES_PER_JOB = 50
_ALL_FACILITIES = "hc_revenue_base.group_hc_all_facilities"
_CHOICE_FIELDS = frozenset(
    {"company_id", "statement_date", "amount_minimum", "days_between", "facility_id"}
)


class HcStatementRun(models.Model):
    """Statements for many accounts: chosen, looked at, and issued by jobs.

    The preview names every account with the reason why it gets none. Jobs take its lines in
    groups; a line that was issued stays issued, so a run that was stopped goes on where it was.
    """

    _name = "hc.statement.run"
    _description = "Statement Run"
    _inherit = ["hc.lifecycle.mixin", "hc.job.mixin", "hc.reach.mixin", "mail.thread"]
    _order = "statement_date desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": STATEMENT_RUN}
    _guarded_fields = frozenset({"name", "line_ids", "previewed_at", "cron_day"})

    name = fields.Char("Run No.", required=True, readonly=True, copy=False, default="/")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    statement_date = fields.Date(required=True, default=fields.Date.context_today)
    amount_minimum = fields.Monetary(
        "Smallest Amount", compute="_compute_limits", store=True, readonly=False, precompute=True
    )
    days_between = fields.Integer(
        "Days Since the Last", compute="_compute_limits", store=True, readonly=False,
        precompute=True,
    )  # fmt: skip
    facility_id = fields.Many2one(
        "hc.facility",
        check_company=True,
        index=True,
        default=lambda self: self._default_facility(),
        help="Empty: patients of every facility.",
    )
    line_ids = fields.One2many("hc.statement.run.line", "run_id", "Accounts", readonly=True)
    statement_ids = fields.One2many("hc.statement", "run_id", "Statements", readonly=True)
    previewed_at = fields.Datetime("Looked At", readonly=True, copy=False)
    cron_day = fields.Date(readonly=True, copy=False)
    line_count = fields.Integer("Accounts Considered", compute="_compute_counts")
    waiting_count = fields.Integer("To Issue", compute="_compute_counts")
    issued_count = fields.Integer("Issued", compute="_compute_counts")
    skipped_count = fields.Integer("Left Out", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    amount_waiting = fields.Monetary("To Be Told", compute="_compute_counts")

    _name_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "This run number is taken."
    )
    _cron_day_unique = models.UniqueIndex(
        "(company_id, cron_day)", "Statements of this day were started already."
    )

    @api.depends("company_id", "statement_date")
    def _compute_limits(self):
        policies = self.env["hc.statement.policy"]
        for run in self:
            policy = policies._get_for(
                run.company_id, run.statement_date or fields.Date.context_today(self)
            )
            run.amount_minimum = policy.amount_minimum
            run.days_between = policy.days_between

    def _compute_counts(self):
        rows = self.env["hc.statement.run.line"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count", "amount_due:sum"]
        )
        found = {(run.id, state): (count, amount) for run, state, count, amount in rows}
        for run in self:
            counts = {
                state: found.get((run.id, state), (0, 0.0))
                for state in ("waiting", "issued", "skipped", "failed")
            }
            for state, (count, _amount) in counts.items():
                run[f"{state}_count"] = count
            run.line_count = sum(count for count, _amount in counts.values())
            run.amount_waiting = counts["waiting"][1]

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        for run in runs.filtered(lambda one: one.name == "/"):
            run._write_guarded({"name": self.env["ir.sequence"].next_by_code(self._name)})
        return runs

    def write(self, vals):
        """Whom a run is about is settled before it starts; another choice needs another look."""
        changes_choice = bool(_CHOICE_FIELDS & vals.keys())
        if changes_choice and self.filtered(lambda run: run.state != "draft"):
            raise UserError(self.env._("The run has started: make a new one for another choice."))
        result = super().write(vals)
        if changes_choice:
            looked_at = self.filtered("previewed_at")
            looked_at.line_ids.sudo().unlink()
            looked_at._write_guarded({"previewed_at": False})
        return result

    @api.model
    def _default_facility(self):
        """One's own facility, for those who do not work for all of them."""
        if self.env.uid == SUPERUSER_ID or self.env.user.has_group(_ALL_FACILITIES):
            return False
        return self.env.user.hc_facility_ids.filtered(
            lambda facility: facility.company_id == self.env.company
        )[:1]

    def _get_account_domain(self):
        """Accounts that are looked at: those of patients with something open."""
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("party", "=", "patient"),
                ("amount_open", ">", 0),
            ]
        )
        if self.facility_id:
            of_facility = Domain("hc_case_id.facility_id", "=", self.facility_id.id)
            domain &= Domain("item_ids", "any", of_facility & Domain("reconciled", "=", False))
        return domain & self.env["hc.automation"]._get_running_domain("hc.collection.account")

    def action_preview(self):
        """Choose the accounts, and say why the others get no statement."""
        self._check_reach("preview")
        for run in self:
            if run.state != "draft":
                raise UserError(self.env._("%(run)s was started already.", run=run.name))
            run._preview()

    def _preview(self):
        self.ensure_one()
        self.line_ids.sudo().unlink()
        accounts = self.env["hc.collection.account"].search(self._get_account_domain(), order="id")
        figures, reasons = self.env["hc.statement"]._classify(
            accounts, self.statement_date, minimum=self.amount_minimum, days=self.days_between
        )
        self.env["hc.statement.run.line"].sudo()._create_guarded(
            [
                {
                    "run_id": self.id,
                    "account_id": account.id,
                    "amount_due": figures[account.id].due,
                    "state": "skipped" if reasons[account.id] else "waiting",
                    "reason": reasons[account.id],
                }
                for account in accounts
            ]
        )
        self._write_guarded({"previewed_at": self.env.cr.now().replace(microsecond=0)})
        self.invalidate_recordset()

    def action_start(self):
        """Issue what the preview shows; what changed since is looked at again."""
        self._check_reach("start")
        self._start()

    def _start(self):
        for run in self:
            if run.statement_date != fields.Date.context_today(self):
                raise UserError(
                    self.env._("%(run)s is for another day: set today's date.", run=run.name)
                )
            if not run.previewed_at:
                run._preview()
            run._transition("running")
            run._enqueue_lines()

    def _enqueue_lines(self):
        lines = self.line_ids.filtered(lambda line: line.state == "waiting")
        for start in range(0, len(lines), LINES_PER_JOB):
            group = lines[start : start + LINES_PER_JOB]
            self._enqueue_job(
                "_job_issue",
                {"line_ids": group.ids},
                key=f"statements:{self.id}:{group[0].id}",
                batch=f"statements:{self.id}",
            )
        if not lines:
            self._finish()

    def action_continue(self):
        """Take up the accounts that failed, or that a stopped job left; see :meth:`_issue_now`."""
        self._check_reach("continue")
        self.line_ids.sudo().filtered(lambda line: line.state == "failed")._write_guarded(
            {"state": "waiting", "error": False}
        )
        for run in self.filtered(lambda one: one.state == "running"):
            run._enqueue_lines()

    def action_cancel(self):
        """Stop: what was issued stays.

        :raise AccessError: statements are going out already, and one is no supervisor
        """
        self._check_reach("cancel")
        if self.filtered(lambda run: run.state == "running"):
            check_supervisor(
                self,
                "cancel",
                self.env._("Statements are going out: ask a supervisor to stop the run."),
            )
        self._transition("cancelled", reason=self.env._("stopped by a person"))

    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_issue": JobPolicy(max_attempts=5)}

    def _job_issue(self, line_ids):
        """Job: issue the statements of some lines; those done meanwhile are left alone."""
        self.ensure_one()
        if self.state != "running":
            return
        lines = self.env["hc.statement.run.line"].sudo().browse(line_ids).exists()
        lines = self.company_id._at_office(lines)
        lines = lines.filtered(lambda line: line.run_id == self and line.state == "waiting")
        if lines:
            lines.try_lock_for_update(allow_referencing=True)._issue()
        self._finish()
        if line_ids and self.state == "running":
            # Two last groups at once do not see each other's lines: look again afterwards.
            self._enqueue_job(
                "_job_issue",
                {"line_ids": []},
                key=f"statements:{self.id}:end:{line_ids[0]}:{self.env.cr.now().isoformat()}",
                batch=f"statements:{self.id}",
            )

    def _finish(self):
        self.env.flush_all()
        if not self.env["hc.statement.run.line"].search_count(
            [("run_id", "=", self.id), ("state", "in", ("waiting", "failed"))], limit=1
        ):
            self._transition_where_allowed("done", facts={"issued": len(self.statement_ids)})

    def _get_letters(self):
        """Statements that are to be printed and mailed."""
        return self.statement_ids.filtered(
            lambda one: one.channel == "letter" and one.state in ("issued", "sent")
        ).sorted("id")

    def _read_letters(self):
        """All letters of the run, for the printer; each as it was issued.

        :raise UserError: there is none
        """
        self.ensure_one()
        self.check_access("read")
        letters = self._get_letters()
        if not letters:
            raise UserError(self.env._("%(run)s has no letter to print.", run=self.name))
        return merge_pdf([letter._read_letter() for letter in letters])

    def action_print(self):
        """Open all letters as one file for the printer."""
        self.ensure_one()
        if not self._get_letters():
            raise UserError(self.env._("%(run)s has no letter to print.", run=self.name))
        return {"type": "ir.actions.act_url", "url": f"/revenue/statement-runs/{self.id}.pdf"}

    def action_mark_mailed(self):
        """The printed letters were handed to the post."""
        self._check_reach("mark_mailed")
        self._get_letters().filtered(lambda one: one.state == "issued").action_mark_sent()

    def action_open_statements(self):
        """Open what was issued."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_collections.hc_statement_action")
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.depends("facility_id")
    def _compute_is_in_reach(self):
        return super()._compute_is_in_reach()

    def _is_in_reach(self):
        """By its facility: before it is previewed a run has no rows."""
        user = self.env.user
        return (
            self.env.uid == SUPERUSER_ID
            or user.has_group(_ALL_FACILITIES)
            or bool(self.facility_id & user.hc_facility_ids)
        )
