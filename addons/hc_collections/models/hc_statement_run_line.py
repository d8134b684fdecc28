# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .hc_statement_issue import SKIP_REASONS


class HcStatementRunLine(models.Model):
    """One account of a run: its statement, or why it gets none."""

    _name = "hc.statement.run.line"
    _description = "Account of a Statement Run"
    _inherit = ["hc.guarded.mixin", "hc.batch.mixin"]
    _order = "run_id, state desc, amount_due desc, id"
    _guarded_fields = frozenset(
        {"run_id", "account_id", "amount_due", "state", "reason", "error", "statement_id"}
    )

    run_id = fields.Many2one(
        "hc.statement.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    amount_due = fields.Monetary("To Pay", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "To Issue"),
            ("issued", "Issued"),
            ("skipped", "Left Out"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    reason = fields.Selection(SKIP_REASONS, "Left Out Because", readonly=True, index=True)
    error = fields.Char(readonly=True)
    statement_id = fields.Many2one(
        "hc.statement", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _once = models.UniqueIndex("(run_id, account_id)", "The account is in this run already.")

    @api.model
    def _get_skip_reasons(self):
        return self._fields["reason"]._description_selection(self.env)

    def _issue(self):
        """Issue the statements: together; where that fails, each by itself."""
        last_error = self._run_isolated("_issue_now")
        if last_error:
            raise last_error

    def _issue_now(self):
        run = self.run_id
        # As the job's user: the log says who started the run. A run that goes on on another day
        # tells what is owed on that day, and asks of it who had a statement lately.
        made, skipped = self.env["hc.statement"]._make(
            self.account_id,
            fields.Date.context_today(self),
            run=run,
            minimum=run.amount_minimum,
            days=run.days_between,
        )
        made._issue()
        by_account = {statement.account_id.id: statement for statement in made}
        for line in self:
            statement = by_account.get(line.account_id.id)
            line._write_guarded(
                {
                    "state": "issued",
                    "statement_id": statement.id,
                    "amount_due": statement.amount_due,
                }
                if statement
                else {"state": "skipped", "reason": skipped[line.account_id.id]}
            )

    def _on_batch_error(self, method_name, message):
        """A statement that cannot be made waits for a person."""
        self._write_guarded({"state": "failed", "error": message[:250]})
        self.env["hc.work.item"]._open([self._prepare_failure()])
        return super()._on_batch_error(method_name, message)

    def _prepare_failure(self):
        return {
            "kind": "statement_failed",
            "name": self.env._("No statement for %(account)s", account=self.account_id.name),
            "dedup_key": f"statement_failed:{self.account_id.id}",
            "queue_code": "billing",
            "description": self.error,
            "company_id": self.company_id.id,
            "res_model": self.account_id._name,
            "res_id": self.account_id.id,
        }
