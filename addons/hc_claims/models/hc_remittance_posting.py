# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

ANSWERS_PER_JOB = 200
# Entries come complete and balanced: nothing is derived from their items, nobody reads chatter of
# a machine's entry, and none of the items is split by analytic distribution.
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "skip_invoice_sync": True,
    "skip_analytic_sync": True,
}


class HcRemittance(models.Model):
    """Posting: the payment as a whole first, then the answers in sets, as jobs where many."""

    _inherit = "hc.remittance"

    def action_post(self):
        """Post proven remittances."""
        self.check_access("write")
        self._check_sees_all_answers()
        for remittance in self:
            if remittance.state not in ("proven", "posting"):
                raise UserError(
                    self.env._(
                        "%(name)s is not proven: nothing is posted of what does not add up.",
                        name=remittance.name,
                    )
                )
        self.sudo()._post()

    def _check_sees_all_answers(self):
        """Nobody decides about answers of facilities that they do not work for."""
        answers = self.env["hc.remittance.claim"]
        for remittance in self:
            domain = [("remittance_id", "=", remittance.id)]
            if answers.search_count(domain) < answers.sudo().search_count(domain):
                raise AccessError(
                    self.env._(
                        "%(name)s also answers claims of facilities that you do not work for. "
                        "Leave it to somebody who works for all of them.",
                        name=remittance.name,
                    )
                )

    def _cron_post(self):
        """Scheduled Action: post what is proven."""
        self._run_in_batches([("state", "=", "proven")], "_post", batch_size=20)

    def _post(self):
        """Post the payment, and the answers: few at once, many as jobs that several workers run."""
        for remittance in self:
            remittance._lock_for_transition(["state"])
            if remittance.state == "proven":
                remittance._post_payment()
                remittance._transition("posting", facts={"entry": remittance.cash_move_id.id})
            waiting = remittance._get_answers_to_post()
            if len(waiting) <= ANSWERS_PER_JOB:
                waiting._post_answers()
                waiting._invoice_patients()
                remittance._finish_posting()
            else:
                remittance._enqueue_sets(waiting, "_job_post_answers", "remittance")

    def _get_answers_to_post(self):
        """Matched answers, reversals first: what is taken back makes room for its correction."""
        # Only what sorts and groups them is read: there may be tens of thousands.
        return (
            self.env["hc.remittance.claim"]
            .search_fetch(
                [("remittance_id", "=", self.id), ("state", "=", "matched")],
                ["status_code", "sequence", "case_id"],
            )
            .sorted(lambda answer: (answer.status_code != "22", answer.sequence))
        )

    def _enqueue_sets(self, answers, method, word, **arguments):
        """One job per set of answers; those of one case stay together, in their order.

        :param str method: a job of the remittance that takes ``answer_ids``
        :param str word: names, with the remittance's number, the jobs' batch
        :param arguments: what the jobs take besides
        """
        groups, size = [[]], 0
        # An answer without a claim is of no case and stands alone.
        for together in answers.grouped(lambda answer: answer.case_id or answer).values():
            if size >= ANSWERS_PER_JOB:
                groups.append([])
                size = 0
            groups[-1] += together.ids
            size += len(together)
        for ids in groups:
            self._enqueue_job(
                method,
                {"answer_ids": ids, **arguments},
                key=f"{word}:{self.id}:{ids[0]}-{ids[-1]}:{len(ids)}",
                batch=f"{word}:{self.id}",
            )

    def _get_job_methods(self):
        return super()._get_job_methods() | {
            "_job_post_answers": JobPolicy(max_attempts=5),
            "_job_invoice_patients": JobPolicy(max_attempts=5),
            "_job_open_waiting_items": JobPolicy(max_attempts=5),
            "_job_finish": JobPolicy(max_attempts=5),
        }

    def _get_answers(self, ids):
        """Answers that a job names, as far as they are still the remittance's.

        With all rights, as posting has them: who pressed the button was asked then, and jobs run
        with that user's own.
        """
        answers = self.sudo().env["hc.remittance.claim"].browse(ids).exists()
        return answers.filtered(lambda answer: answer.remittance_id == self)

    def _job_post_answers(self, answer_ids):
        """Job: post some answers; those that were posted meanwhile are left alone."""
        answers = self._get_answers(answer_ids)
        answers._post_answers()
        if answers.filtered_domain(answers._get_uninvoiced_domain()):
            self._enqueue_job(
                "_job_invoice_patients",
                {"answer_ids": answers.ids},
                key=f"remittance invoices:{self.id}:{answers.ids[0]}",
                batch=f"remittance invoices:{self.id}",
            )
        self.sudo()._finish_or_look_again(answers)

    def _job_invoice_patients(self, answer_ids):
        """Job: invoice to patients what answers left to them."""
        self._get_answers(answer_ids)._invoice_patients()

    def _finish_or_look_again(self, answers):
        """Finish where these were the last answers; else have a later transaction look.

        Workers that end at the same time do not see each other's last answers: whoever looks after
        both does.
        """
        if not self._finish():
            self._enqueue_job(
                "_job_finish",
                key=f"remittance finish:{self.id}:{answers[:1].id}",
                batch=f"remittance finish:{self.id}",
            )

    def _job_finish(self):
        """Job: say so where nothing is left to be done."""
        self.sudo()._finish()

    def _finish(self):
        """Say so where nothing is left to be done.

        :return: whether nothing is, as far as this transaction sees
        """
        return self.state != "posting" or self._finish_posting()

    def _finish_posting(self):
        """All answers that can be posted are: say so, and open work for the others.

        :return: whether they are, as far as this transaction sees
        """
        self.ensure_one()
        if self._has_answers(("state", "=", "matched")):
            return False
        self._lock_for_transition(["state"])
        self._transition_where_allowed("posted", facts=self._get_posting_facts())
        self._open_waiting_items()
        return True

    def _has_answers(self, condition):
        """Whether the database knows an answer of the remittance that meets a condition."""
        self.env.flush_all()
        domain = [("remittance_id", "=", self.id), condition]
        return bool(self.env["hc.remittance.claim"].search_count(domain, limit=1))

    def _get_posting_facts(self):
        rows = self.env["hc.remittance.claim"]._read_group(
            [("remittance_id", "=", self.id)], ["state"], ["__count", "amount_paid:sum"]
        )
        places = self.currency_id.decimal_places
        return {state: {"count": n, "paid": f"{paid:.{places}f}"} for state, n, paid in rows}

    def _open_waiting_items(self):
        """A work item for each answer that no claim was found for, or that is held."""
        waiting = self.env["hc.remittance.claim"].search_fetch(
            [("remittance_id", "=", self.id), ("state", "in", ("unmatched", "held"))], ["case_id"]
        )
        if len(waiting) <= ANSWERS_PER_JOB:
            waiting._open_waiting_items()
        else:
            self._enqueue_sets(waiting, "_job_open_waiting_items", "remittance waiting")

    def _job_open_waiting_items(self, answer_ids):
        """Job: ask people about answers that still wait for them."""
        answers = self._get_answers(answer_ids)
        answers.filtered(lambda answer: answer.state in ("unmatched", "held"))._open_waiting_items()

    def _post_payment(self):
        """Bring the payment into the books: receipt, provider adjustments, and what to post."""
        lines = self._prepare_payment_lines()
        if not lines:
            return
        use = self.env["hc.ledger.account"]._get_for(self.company_id, "remittance_clearing")
        move = self._create_entry(use.journal_id, lines, self.env._("Payment"))
        self._write_guarded({"cash_move_id": move.id})

    def _prepare_payment_lines(self):
        """``[vals]`` of the payment's items; amounts of zero have none.

        Above zero a provider adjustment reduces the payment: it is a debit, as the receipt is.
        """
        partner = self.payer_id.partner_id
        receipt = self.payment_amount if self._moves_money(self) else 0.0
        parts = [("remittance_receipts", receipt, self.trace_number or self.name)]
        parts += [
            (row.ledger_use, row.amount, f"{row.reason_code} {row.reference or ''}".strip())
            for row in self.provider_adjustment_ids
        ]
        total = self.currency_id.round(sum(amount for _use, amount, _label in parts))
        parts.append(("remittance_clearing", -total, self.trace_number or self.name))
        accounts = self.env["hc.ledger.account"]
        return [
            {
                "name": label,
                "account_id": accounts._get_for(self.company_id, use).account_id.id,
                "partner_id": partner.id,
                "balance": amount,
                "amount_currency": amount,
            }
            for use, amount, label in parts
            if not self.currency_id.is_zero(amount)
        ]

    def _create_entry(self, journal, lines, label):
        """Create and post an entry of the remittance."""
        move = (
            self.env["account.move"]
            .with_context(**QUIET, skip_invoice_line_sync=True)
            ._create_guarded(
                [
                    {
                        "move_type": "entry",
                        "company_id": self.company_id.id,
                        "journal_id": journal.id,
                        "date": self._get_accounting_date(journal),
                        "ref": f"{self.name} {self.trace_number or ''} {label}".strip(),
                        "hc_remittance_id": self.id,
                        "line_ids": [Command.create(line) for line in lines],
                    }
                ]
            )
        )
        move._post(soft=False)
        return move

    def _get_accounting_date(self, journal):
        """The day of the payment where its period is open and it has come, else today."""
        today = fields.Date.context_today(self)
        locked_until = self.company_id._get_user_fiscal_lock_date(journal)
        if self.payment_date and locked_until < self.payment_date <= today:
            return self.payment_date
        return today
