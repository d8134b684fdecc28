# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL
from odoo.tools.pdf import merge_pdf

from ..lifecycles import LETTER_RUN


class HcLetterRun(models.Model):
    """Letters that go to the post together: collected, printed as one file, mailed on a day.

    A letter counts as sent from the day on which a person says that it was mailed; no notice
    period begins with a file. What a hold, a payment or a guardrail stops until then drops out,
    with the reason on the letter.
    """

    _name = "hc.letter.run"
    _description = "Print Run"
    _inherit = ["hc.lifecycle.mixin", "hc.reach.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _lifecycles = {"state": LETTER_RUN}
    _guarded_fields = frozenset(
        {"name", "company_id", "printed_at", "printed_by_id", "mailed_on", "mailed_by_id"}
    )

    name = fields.Char("Print Run No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="collecting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    letter_ids = fields.One2many("hc.contact", "letter_run_id", "Letters", readonly=True)
    printed_at = fields.Datetime("Printed", readonly=True, copy=False)
    printed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    mailed_on = fields.Date(readonly=True, copy=False)
    mailed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    letter_count = fields.Integer("Letters to Mail", compute="_compute_counts")
    dropped_count = fields.Integer("Dropped Out", compute="_compute_counts")

    _collecting_unique = models.UniqueIndex(
        "(company_id) WHERE state = 'collecting'", "Letters are being collected already."
    )

    @api.depends("letter_ids.state")
    def _compute_counts(self):
        rows = self.env["hc.contact"]._read_group(
            [("letter_run_id", "in", self.ids)], ["letter_run_id", "state"], ["__count"]
        )
        for run in self:
            counts = {state: count for each, state, count in rows if each == run}
            run.dropped_count = counts.pop("cancelled", 0)
            run.letter_count = sum(counts.values())

    @api.model
    def _collect(self, contacts):
        """Put letters that are laid out into the run that is being collected.

        :raise ConcurrencyError: somebody opened the run meanwhile; the job tries again
        """
        for company, letters in contacts.grouped("company_id").items():
            letters._write_guarded({"letter_run_id": self._get_collecting(company).id})

    @api.model
    def _get_collecting(self, company):
        runs_sudo = self.sudo()
        run = runs_sudo.search(
            [("company_id", "=", company.id), ("state", "=", "collecting")], limit=1
        )
        if run and run._keep_collecting():
            return run
        name = self.env["ir.sequence"].sudo().next_by_code("hc.letter.run") or "/"
        try:
            with self.env.cr.savepoint(flush=False):
                run = runs_sudo._create_guarded([{"name": name, "company_id": company.id}])
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction opened the print run") from error
        run._open_item()
        return run

    def _keep_collecting(self):
        """Let nobody print the run before this transaction ends; say whether it collects still.

        :raise psycopg2.Error: somebody is printing it; the job tries again
        """
        self.invalidate_recordset(["state"], flush=True)
        ((state,),) = self.env.execute_query(
            # Deliveries collect side by side; printing waits for all of them.
            SQL("SELECT state FROM hc_letter_run WHERE id = %s FOR SHARE NOWAIT", self.id)
        )
        return state == "collecting"

    def _open_item(self):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "letters_to_mail",
                    "queue_code": "collections",
                    "severity": "warning",
                    "dedup_key": f"letters_to_mail:{run.id}",
                    "name": self.env._("Print and mail the letters of %s", run.name),
                    "company_id": run.company_id.id,
                    "res_model": run._name,
                    "res_id": run.id,
                }
                for run in self
            ]
        )

    def _get_reached(self):
        return "hc.contact", [("letter_run_id", "=", self.id)]

    def _get_letters(self):
        """The letters that are still to be mailed, in the order of printing."""
        letters = self.sudo().letter_ids.filtered(
            lambda one: one.state == "queued" and one.channel == "letter"
        )
        return letters.sorted("id")

    def _get_printed(self):
        """Those of the letters to be mailed that were in the printed file."""
        return self._get_letters().filtered("printed_at")

    def action_print(self):
        """Look at each letter once more, then open those that may go as one file."""
        self.ensure_one()
        self._check_reach("print")
        self._lock_for_transition(["state"])
        if self.state == "mailed":
            raise UserError(self.env._("%(run)s was mailed already.", run=self.name))
        self._get_letters()._drop_stopped()._renew_amounts()
        if not self._get_letters():
            raise UserError(self.env._("%(run)s has no letter that may be mailed.", run=self.name))
        if self.state == "collecting":
            self.sudo()._transition("printed")
        now = self.env.cr.now().replace(microsecond=0)
        self._get_letters()._write_guarded({"printed_at": now})
        self.sudo()._write_guarded({"printed_at": now, "printed_by_id": self.env.uid})
        return {"type": "ir.actions.act_url", "url": f"/revenue/print-runs/{self.id}.pdf"}

    def _read_file(self):
        """All letters that are to be mailed, as one PDF.

        :raise UserError: nothing was printed
        """
        self.ensure_one()
        self._check_reach("read")
        letters = self._get_printed()
        if self.state != "printed" or not letters:
            raise UserError(self.env._("%(run)s has no letter to print.", run=self.name))
        letters.with_env(self.env)._note_phi_read(["attachment_id"])
        return merge_pdf([letter.attachment_id.raw for letter in letters])

    def action_open_mailed(self):
        """Say which letters must be taken out, and ask when the others were mailed."""
        self.ensure_one()
        self._check_reach("mail")
        self._check_printed()
        kept = self._get_printed()._drop_stopped()
        dropped = self.letter_ids.filtered(lambda one: one.state == "cancelled")
        wizard = self.env["hc.letter.run.wizard"].create(
            {"run_id": self.id, "dropped_ids": dropped.ids, "letter_count": len(kept)}
        )
        return wizard._get_records_action(name=self.env._("Mailed"), target="new")

    def _check_printed(self):
        if self.state != "printed":
            raise UserError(
                self.env._("Print %(run)s first: nothing of it was printed.", run=self.name)
            )

    def _mark_mailed(self, day):
        """The letters were handed to the post on a day: from now on they count.

        :param date day: not before they were printed, not to come
        :raise UserError: the run was not printed, or the day is wrong
        """
        self.ensure_one()
        self._check_reach("mail")
        self._lock_for_transition(["state"])
        self._check_printed()
        today = fields.Date.context_today(self)
        printed_on = fields.Datetime.context_timestamp(self, self.printed_at).date()
        if not printed_on <= day <= today:
            raise UserError(
                self.env._(
                    "Letters printed on %(printed)s are mailed from then on, up to today.",
                    printed=printed_on,
                )
            )
        self._get_printed()._note_mailed(day)
        left = self._get_letters()
        self.sudo()._transition("mailed", facts={"mailed_on": day.isoformat()})
        self.sudo()._write_guarded({"mailed_on": day, "mailed_by_id": self.env.uid})
        self._close_item()
        # Collected by a delivery that ended while the others were being printed.
        self._collect(left)

    def _close_item(self):
        items = self.env["hc.work.item"].search(
            [
                ("kind", "=", "letters_to_mail"),
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")

    def action_open_letters(self):
        """Open the letters of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_collections.hc_contact_action")
        action["domain"] = [("letter_run_id", "=", self.id)]
        action["context"] = {"search_default_group_state": 1}
        return action
