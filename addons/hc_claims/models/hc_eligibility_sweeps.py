# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Scheduled Actions: ask before the visit, write the files, miss the answers that do not come."""

import logging
from datetime import datetime, time, timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

# Visits of these last days are not billed yet: their answer is still worth asking for.
_DAYS_BACK = 3
_ASKED_STATES = ("planned", "in_progress", "completed")


class HcEncounter(models.Model):
    _name = "hc.encounter"
    _inherit = ["hc.encounter", "hc.batch.mixin"]

    def _cron_ask_eligibility(self, as_of=None):
        """Scheduled Action: ask about coming and recent visits whose answer is stale by then."""
        as_of = as_of or fields.Date.context_today(self)
        payers = self.env["hc.payer"].search(
            [("clearinghouse_id", "!=", False), ("eligibility_required", "=", True)]
        )
        parts = []
        for payer in payers:
            first = datetime.combine(as_of - timedelta(days=_DAYS_BACK), time.min)
            days = payer.eligibility_days_ahead + 1
            behind = datetime.combine(as_of + timedelta(days=days), time.min)
            near = Domain(
                [
                    ("state", "in", _ASKED_STATES),
                    ("primary_coverage_id.payer_id", "=", payer.id),
                    ("started_at", ">=", first),
                    ("started_at", "<", behind),
                ]
            )
            parts.append((payer.id, self, near, "_ask_where_stale"))
        self._run_in_parts(parts, batch_size=500)

    def _ask_where_stale(self):
        """Ask about the visits of which the answer is stale or missing, each coverage once a day.

        What the payer has denied, or has not answered to, is for people: it is not asked again.
        """
        self.env.flush_all()
        questions, asked = [], set()
        silent = self._get_recently_asked()
        for encounter in self:
            coverage = encounter.primary_coverage_id
            day = encounter._get_service_day()
            check = coverage._get_eligibility_check(day)
            key = (coverage.id, day)
            if check not in ("never", "stale") or key in asked or key in silent:
                continue
            asked.add(key)
            questions.append(
                {
                    "coverage_id": coverage.id,
                    "encounter_id": encounter.id,
                    "service_date_from": day,
                }
            )
        self.env["hc.eligibility.inquiry"]._request(questions, origin="schedule")

    def _get_service_day(self):
        """The day on which the visit begins, where it takes place."""
        self.ensure_one()
        local = self.with_context(tz=self.facility_id.timezone)
        return fields.Datetime.context_timestamp(local, self.started_at).date()

    def _get_recently_asked(self):
        """``{(coverage, day)}`` that were asked already, whatever came of it."""
        inquiries = self.env["hc.eligibility.inquiry"].search_fetch(
            [
                ("coverage_id", "in", self.primary_coverage_id.ids),
                ("state", "!=", "cancelled"),
            ],
            ["coverage_id", "service_date_from"],
        )
        return {(each.coverage_id.id, each.service_date_from) for each in inquiries}


class HcEligibilityInquiry(models.Model):
    _inherit = "hc.eligibility.inquiry"

    def _cron_submit(self):
        """Scheduled Action: write the questions that wait into files, a file per transaction."""
        commit_progress = self.env["ir.cron"]._commit_progress
        domain = Domain("state", "=", "draft") & self.env["hc.automation"]._get_running_domain(
            self._name
        )
        commit_progress(remaining=self.search_count(domain))
        last_error = None
        for clearinghouse in self.env["hc.clearinghouse"].search([("active", "=", True)]):
            mine = domain & Domain("payer_id.clearinghouse_id", "=", clearinghouse.id)
            try:
                if not self._submit_files(mine, clearinghouse, commit_progress):
                    return
            except CONCURRENCY_ERRORS as error:
                # The file is undone with its number; the next run writes it.
                _logger.info("eligibility files left to the next run: %s", type(error).__name__)
            except Exception as error:
                _logger.exception("eligibility files of clearinghouse %s failed", clearinghouse.id)
                clearinghouse._open_eligibility_failed(error)
                last_error = error
        if last_error:
            raise last_error

    def _submit_files(self, domain, clearinghouse, commit_progress):
        """Write file after file; return False when the time is up."""
        last_id = 0
        while True:
            inquiries = self.search(
                domain & Domain("id", ">", last_id),
                order="id",
                limit=clearinghouse.claims_per_file,
            )
            if not inquiries:
                return True
            last_id = inquiries[-1].id
            with self.env.cr.savepoint():
                inquiries.try_lock_for_update(allow_referencing=True).filtered_domain(
                    domain
                )._submit()
            if not commit_progress(len(inquiries)):
                return False

    def _cron_sweep_no_answer(self, as_of=None):
        """Scheduled Action: questions that nobody has answered in the days of their payer."""
        as_of = as_of or fields.Date.context_today(self)
        for payer in self.env["hc.payer"].search([("clearinghouse_id", "!=", False)]):
            limit = datetime.combine(
                as_of - timedelta(days=payer.eligibility_answer_days), time.min
            )
            self._run_in_batches(
                Domain(
                    [("payer_id", "=", payer.id), ("state", "=", "sent"), ("sent_at", "<", limit)]
                ),
                "_give_up",
            )

    def _give_up(self):
        """Nobody answered: somebody checks by portal or phone."""
        given_up, _there, _wrong = self._transition_where_allowed("no_answer")
        self.env["hc.work.item"]._open(
            [
                inquiry._prepare_item_vals(
                    "eligibility_no_answer",
                    self.env._("%(inquiry)s: no answer", inquiry=inquiry.name),
                    self.env._(
                        "%(payer)s has not answered the question about %(day)s. Check by portal or "
                        "phone and record it on the coverage; a late answer is taken all the same.",
                        payer=inquiry.payer_id.name,
                        day=inquiry.service_date_from,
                    ),
                )
                for inquiry in given_up
            ]
        )


class HcClearinghouse(models.Model):
    _inherit = "hc.clearinghouse"

    def _open_eligibility_failed(self, error):
        """Say that no file of questions can be written, once while nobody has mended it."""
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "eligibility_file",
                    "severity": "error",
                    "queue_code": "edi",
                    "dedup_key": f"eligibility_file_failed:{self.id}",
                    "name": self.env._("Payers are not asked: %(partner)s", partner=self.name),
                    "description": str(error)
                    if isinstance(error, UserError)
                    else self.env._("An unexpected error, see the server log."),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
