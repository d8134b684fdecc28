# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..hc_dunning_core.cadence import decide
from ..hc_dunning_core.cadence_table import DUE
from .hc_contact import CHANNELS

REASONS = [
    (DUE, "Due"),
    ("nothing_open", "Nothing Is Open"),
    ("held", "On Hold"),
    ("currency_differs", "Other Currency Than the Policy's"),
    ("undated", "No Date to Count From"),
    ("all_disputed", "All That Is Open Is Disputed or Held"),
    ("below_minimum", "Below the Minimum"),
    ("waiting", "The Last One Has Not Left Yet"),
    ("exhausted", "All Levels Went Out"),
    ("calls_held", "Calls Are on Hold"),
    ("no_consent", "No Consent"),
    ("unreachable", "No Usable Address"),
    ("not_due", "Not Due Yet"),
    ("closed_day", "Not a Working Day"),
    ("guardrail", "Not Lawful Now"),
    ("other_step", "Another Step Is Due by Now"),
    ("failed", "Could Not Be Recorded"),
    ("undelivered", "Did Not Go Out, or Did Not Arrive"),
]
STATES = [
    ("proposed", "To Go Out"),
    ("skipped", "Skipped"),
    ("excluded", "Left Out"),
    ("contacted", "Recorded"),
    ("withdrawn", "Not Any More"),
]


class HcCadenceProposal(models.Model):
    """What a run decided on one account: a contact, or the reason why there is none."""

    _name = "hc.cadence.proposal"
    _description = "Cadence Proposal"
    _inherit = ["hc.guarded.mixin", "hc.batch.mixin", "hc.phi.mixin"]
    _phi_patient_path = "account_id.patient_id"
    _order = "run_id desc, id"
    _rec_name = "account_id"
    _log_access = False

    run_id = fields.Many2one(
        "hc.cadence.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(STATES, required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    level_id = fields.Many2one("hc.cadence.level", readonly=True, ondelete="restrict")
    channel = fields.Selection(CHANNELS, readonly=True)
    due_on = fields.Date("Due", readonly=True, help="Holds and closed days apart.")
    earliest_on = fields.Date(
        "Earliest", readonly=True, help="The first day on which it may go out; empty: not known."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    open_amount = fields.Monetary("Open", readonly=True)
    followed_amount = fields.Monetary("Followed Up", readonly=True, help="Without what is held.")
    debt_item_id = fields.Many2one(
        "account.move.line",
        "Because Of",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The oldest balance that has a level to come.",
    )
    blocked_by = fields.Char(readonly=True, help="Guardrails and their sources.")
    exclusion_reason = fields.Char("Left Out Because", readonly=True)
    contact_id = fields.Many2one(
        "hc.contact", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _account_unique = models.UniqueIndex(
        "(run_id, account_id)", "The run has decided on this account."
    )
    _to_go_out = models.Index("(run_id, id) WHERE state = 'proposed'")

    @api.model
    def _get_guarded_fields(self):
        """Every field: rows are made by the run and moved by its steps."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - {"id"}

    @api.model
    def _insert_for(self, run, accounts=None):
        """Decide on the accounts of a run, in one statement.

        :param accounts: only these, records or a query of their ids
        """
        self.env.flush_all()
        decisions = self.env["hc.cadence.facts"]._get_decisions_query(
            run.policy_id, run.company_id, run.as_of, accounts
        )
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO hc_cadence_proposal
                       (run_id, company_id, account_id, currency_id, state, reason, level_id,
                        channel, due_on, earliest_on, open_amount, followed_amount, debt_item_id)
                SELECT %(run)s, %(company)s, account_id, currency_id,
                       CASE WHEN reason = %(due)s THEN 'proposed' ELSE 'skipped' END, reason,
                       level_id, nullif(channel, ''), due_on,
                       CASE WHEN reason = %(due)s THEN as_of
                            WHEN reason IN ('guardrail', 'not_due', 'closed_day')
                            THEN earliest_on END,
                       open_amount, followed_amount, debt_item_id
                  FROM (%(decisions)s) decision
                 ORDER BY account_id
             RETURNING id
                """,
                run=run.id,
                company=run.company_id.id,
                due=DUE,
                decisions=decisions,
            )
        )
        run.invalidate_recordset()
        self._find_days_of_held(run)
        return self.browse([row[0] for row in rows])

    @api.model
    def _find_days_of_held(self, run):
        """Follow the holds of skipped accounts to the first day on which they may be contacted.

        Only accounts with a hold need it; the pure decision walks from one end to the next.
        """
        facts = self.env["hc.cadence.facts"]
        held = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT proposal.account_id
                  FROM hc_cadence_proposal proposal
                  JOIN (%s) hold ON hold.account_id = proposal.account_id
                 WHERE proposal.run_id = %s AND proposal.state = 'skipped'
                """,
                facts._get_holds_query(run.company_id, run.as_of, SQL("TRUE")),
                run.id,
            )
        )
        accounts = self.env["hc.collection.account"].browse([row[0] for row in held])
        if not accounts:
            return
        policy, workdays = run.policy_id._to_core(), facts._get_workdays(run.company_id)
        known = facts._read_facts(run.policy_id, run.company_id, run.as_of, accounts)
        days = {
            account_id: decide(policy, account_facts, run.as_of, workdays).earliest_on
            for account_id, account_facts in known.items()
        }
        self.env.execute_query(
            SQL(
                """
                UPDATE hc_cadence_proposal proposal SET earliest_on = found.day
                  FROM unnest(%s::int[], %s::date[]) AS found(account_id, day)
                 WHERE proposal.run_id = %s AND proposal.account_id = found.account_id
             RETURNING proposal.id
                """,
                list(days),
                list(days.values()),
                run.id,
            )
        )
        self.invalidate_model(["earliest_on"], flush=False)

    def action_open_exclusion(self):
        """Ask why these rows are left out."""
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leave Out"),
            "res_model": "hc.cadence.exclude.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_proposal_ids": self.ids},
        }

    def _exclude(self, reason):
        """Leave rows out of a run that is being reviewed."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why they are left out."))
        late = self.sudo().filtered(
            lambda row: row.state != "proposed" or row.run_id.state != "proposed"
        )
        if late:
            raise UserError(
                self.env._("Only rows that are still to go out can be left out, before the run.")
            )
        for run, rows in self.sudo().grouped("run_id").items():
            rows._write_guarded({"state": "excluded", "exclusion_reason": reason})
            run._log_decision(reason, {"excluded_account_ids": rows.account_id.ids[:500]})
