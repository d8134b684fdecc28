# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import float_repr

from ..hc_dunning_core.guardrails.acts import STATEMENT
from ..hc_dunning_core.statement_words import language_of

# Why an account gets no statement, in the order in which it is asked.
SKIP_REASONS = [
    ("not_patient", "Not a Patient's Account"),
    ("placed", "With an Agency"),
    ("nothing_owed", "Nothing Owed"),
    ("held", "On Hold"),
    ("disputed", "All of It in Dispute"),
    ("below_minimum", "Below the Smallest Amount"),
    ("known", "Has One for This Period"),
    ("recent", "Had One Lately"),
    ("no_address", "No Address That Works"),
    ("guardrail", "Not Lawful Now"),
]


class HcStatement(models.Model):
    """From accounts to statements: who gets one, what it says, and issuing it."""

    _inherit = "hc.statement"

    @api.model
    def _classify(self, accounts, statement_date, *, policy=None, minimum=None, days=None):
        """Who gets a statement, and why the others do not.

        :param minimum: smallest amount to pay; the policy's if not given
        :param days: days since the last statement; the policy's if not given
        :return: ``({account id: OpenFigures}, {account id: key of SKIP_REASONS or False})``
        """
        figures, reasons = {}, {}
        for company, own in accounts.sudo().grouped("company_id").items():
            rules = policy or self.env["hc.statement.policy"]._get_for(company, statement_date)
            limit = rules.amount_minimum if minimum is None else minimum
            since = statement_date - timedelta(days=rules.days_between if days is None else days)
            found = self._read_open(own, statement_date)
            stopped = self.env["hc.collection.hold"]._get_stopping(own, statement_date)
            last = self._read_last(own, statement_date)
            channels = own._get_statement_channels()
            figures |= found
            for account in own:
                reasons[account.id] = self._get_skip_reason(
                    account, found[account.id], stopped.get(account.id), last, (limit, since)
                ) or (not channels[account.id] and "no_address")
        asked = accounts.browse([key for key, reason in reasons.items() if not reason])
        reasons |= dict.fromkeys(asked._get_blocked(STATEMENT), "guardrail")
        return figures, reasons

    @api.model
    def _get_skip_reason(self, account, figures, stopping, last, limits):
        minimum, since = limits
        compare = account.currency_id.compare_amounts
        last_on, has_period = last.get(account.id, (None, False))
        kinds = set(stopping.mapped("kind")) if stopping else set()
        checks = (
            ("not_patient", account.party != "patient"),
            ("placed", kinds == {"placement"}),
            ("held", kinds and compare(figures.held, 0.0) > 0),
            ("nothing_owed", compare(figures.open - figures.credit, 0.0) <= 0),
            ("held", kinds),
            ("disputed", compare(figures.due, 0.0) <= 0),
            ("below_minimum", compare(figures.due, minimum) < 0),
            ("known", has_period),
            ("recent", bool(last_on and last_on > since)),
        )
        return next((code for code, applies in checks if applies), False)

    @api.model
    def _read_last(self, accounts, statement_date):
        """``{account id: (day of the last statement, whether the period has one)}``."""
        key = self._get_key(statement_date)
        rows = self.sudo()._read_group(
            [("account_id", "in", accounts.ids), ("state", "!=", "void")],
            ["account_id"],
            ["statement_date:max", "key:array_agg"],
        )
        return {account.id: (last, key in keys) for account, last, keys in rows}

    @api.model
    def _make(self, accounts, statement_date, *, run=None, minimum=None, days=None):
        """Draft the statements of a day.

        :return: ``(statements, {account id: key of SKIP_REASONS})``, the latter for those that
            get none
        :raise ConcurrencyError: somebody made one of them meanwhile
        """
        figures, reasons = self._classify(accounts, statement_date, minimum=minimum, days=days)
        chosen = accounts.sudo().filtered(lambda account: not reasons[account.id])
        case_ids = {case_id for account in chosen for case_id in figures[account.id].cases}
        parts = self._read_case_figures(case_ids, statement_date)
        self.env["hc.billing.case"].sudo().browse(case_ids).fetch(_CASE_FIELDS)
        charges = self._read_charges(case_ids)
        channels = chosen._get_statement_channels()
        numbers = self._take_numbers(chosen)
        vals_list = [
            self._prepare_vals(account, figures[account.id], parts, charges, statement_date, run)
            | {"channel": channels[account.id], "name": next(numbers[account.company_id])}
            for account in chosen
        ]
        try:
            with self.env.cr.savepoint(flush=False):
                made = self.sudo()._create_guarded(vals_list)
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction made the same statement") from error
        skipped = {account_id: reason for account_id, reason in reasons.items() if reason}
        return made.with_env(self.env), skipped

    @api.model
    def _take_numbers(self, accounts):
        """``{company: iterator of its next statement numbers}``, one per account."""
        return {
            company: iter(self.env["ir.sequence"]._draw_numbers(self._name, company, len(own)))
            for company, own in accounts.grouped("company_id").items()
        }

    @api.model
    def _read_charges(self, case_ids):
        charges = (
            self.env["hc.charge"]
            .sudo()
            .search_fetch(
                [("case_id", "in", list(case_ids)), ("state", "=", "billed")],
                ["case_id", "service_date", "code_id", "amount"],
                order="case_id, service_date, id",
            )
        )
        return charges.grouped("case_id")

    @api.model
    def _prepare_vals(self, account, figures, parts, charges, statement_date, run):
        policy = self.env["hc.statement.policy"]._get_for(account.company_id, statement_date)
        language = language_of(account.patient_id.language)
        cases = self.env["hc.billing.case"].sudo().browse(figures.cases)
        cases = cases.sorted(lambda case: (case.service_date_from or statement_date, case.id))
        lines = [
            self._prepare_line_vals(
                case, figures.cases[case.id], parts[case.id], charges.get(case, ()), language
            )
            for case in cases
        ]
        return {
            "account_id": account.id,
            "company_id": account.company_id.id,
            "key": self._get_key(statement_date),
            "statement_date": statement_date,
            "due_date": statement_date + timedelta(days=policy.days_to_pay),
            "language": language,
            "policy_id": policy.id,
            "run_id": run.id if run else False,
            "amount_open": figures.open,
            "amount_disputed": figures.disputed,
            "amount_credit": figures.credit,
            "amount_due": figures.due,
            "line_ids": [fields.Command.create(line) for line in lines],
        }

    @api.model
    def _prepare_line_vals(self, case, amounts, parts, charges, language):
        amount_open, amount_disputed = amounts
        self._check_adds_up(case, parts, amount_open)
        reason = "plan_share" if parts["insurance"] > 0 else "plan_nothing"
        patient = case.patient_id
        return {
            "case_id": case.id,
            "date_from": case.service_date_from,
            "date_to": case.service_date_to,
            "facility_name": case.facility_id.name,
            "patient_name": " ".join(filter(None, (patient.first_name, patient.last_name))),
            "services": self._prepare_services(charges, language),
            "reason": reason if case.payer_id else "self_pay",
            "is_first": not case.first_statement_on,
            "amount_charged": parts["charged"],
            "amount_insurance": parts["insurance"],
            "amount_adjusted": parts["adjusted"],
            "amount_paid": parts["paid"],
            "amount_insurance_open": parts["insurance_open"],
            "amount_open": amount_open,
            "amount_disputed": amount_disputed,
        }

    @api.model
    def _prepare_services(self, charges, language):
        """Services in the office's own words, without codes and diagnoses."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        lang = language if language in installed else "en_US"
        return [
            {
                "day": charge.service_date.isoformat(),
                "label": charge.code_id.with_context(lang=lang).name or "",
                "amount": float_repr(charge.amount, charge.currency_id.decimal_places),
            }
            for charge in charges
        ]

    def _issue(self):
        """Lay statements out, freeze them, and enter the contact: from here on they go out."""
        drafts = self.filtered(lambda statement: statement.state == "draft")
        drafts._freeze({statement.id: statement._render_letter() for statement in drafts})
        drafts._transition("issued", facts={"by_id": {one.id: one._get_facts() for one in drafts}})
        contacts = self.env["hc.contact"]._record([one._prepare_contact() for one in drafts])
        for statement, contact in zip(drafts, contacts, strict=True):
            statement._write_guarded({"contact_id": contact.id})
        drafts.account_id.sudo()._note_statement()
        online = drafts.filtered(lambda statement: statement.channel == "portal")
        told = online._notify_portal()
        told._mark_sent()
        (online - told)._open_untold_items()

    def _get_facts(self):
        """Ids, codes and figures for the log."""
        return {
            "sha256": self.checksum,
            "due": float_repr(self.amount_due, self.currency_id.decimal_places),
            "cases": self.line_ids.case_id.ids,
        }

    def _prepare_contact(self):
        statement_sudo = self.sudo()
        return {
            "account_id": self.account_id.id,
            "key": f"statement:{self.id}",
            "channel": self.channel,
            "purpose": "statement",
            "subject": self.name,
            "language": self.language,
            "address": statement_sudo.account_id._get_statement_address(self.channel),
            "attachment_id": statement_sudo.attachment_id.id,
            "checksum": self.checksum,
            "user_id": self.env.uid,
        }

    def action_issue(self):
        """Issue drafts one looked at."""
        self.check_access("write")
        self.env["hc.collection.account"].check_access("write")
        for statement in self.filtered(lambda one: one.state == "draft"):
            if statement.statement_date != fields.Date.context_today(self):
                raise UserError(
                    self.env._(
                        "%(name)s was drafted on another day and may be out of date. Void it and "
                        "make a new one.",
                        name=statement.name,
                    )
                )
        self._issue()


_CASE_FIELDS = [
    "company_id",
    "currency_id",
    "service_date_from",
    "service_date_to",
    "facility_id",
    "patient_id",
    "payer_id",
    "first_statement_on",
]
