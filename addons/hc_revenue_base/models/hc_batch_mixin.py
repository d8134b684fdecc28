# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

# Somebody else works on the same rows: nothing is wrong with them, and what failed is tried again
# in a new transaction, for this one keeps seeing the old rows.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError, LockError)


class HcBatchMixin(models.AbstractModel):
    """How Scheduled Actions of the suite work through many records.

    Batches are locked (rows that somebody else holds are left for the next run), committed one by
    one, and resume where they stopped; one bad record never stops the others, and the run is
    shown as failed when any record failed for a reason other than a user error.
    """

    _name = "hc.batch.mixin"
    _description = "Batch Work"

    @api.model
    def _run_in_batches(self, domain, method_name, batch_size=200):
        """Call a method on all records of a domain, a batch at a time, in order of id.

        :param domain: which records, within the scope of the running automation; evaluated again
            for every batch, after the lock
        :param str method_name: method of a recordset; its UserError is put on record by
            :meth:`_on_batch_error`
        :param int batch_size: records per commit
        :return: whether there was time for all
        :raise Exception: the last unexpected error, after all other records were worked on
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        domain = Domain(domain) & self.env["hc.automation"]._get_running_domain(self._name)
        last_id, last_error = 0, None
        commit_progress(remaining=self.search_count(domain))
        while True:
            batch = self.search(domain & Domain("id", ">", last_id), order="id", limit=batch_size)
            if not batch:
                break
            last_id = batch[-1].id
            try:
                with self.env.cr.savepoint():
                    records = batch.try_lock_for_update(allow_referencing=True)
                records = records.filtered_domain(domain)
                last_error = records._run_isolated(method_name) or last_error
            except CONCURRENCY_ERRORS as error:
                _logger.info(
                    "batch of %s %s left to the next run: %s",
                    len(batch),
                    self._name,
                    type(error).__name__,
                )
            if not commit_progress(len(batch)):
                break
        if last_error:
            raise last_error
        return not batch

    @api.model
    def _run_at_offices(self, get_domain, method_name, batch_size=200):
        """As :meth:`_run_in_batches`, company by company: today is the day at its office.

        Scheduled Actions have no time zone; by the day of Greenwich an office in Chicago would
        live in tomorrow every evening.

        :param get_domain: takes the model as of the office's day, returns which records
        :param str method_name: method of a recordset
        :param int batch_size: records per commit
        :raise Exception: the last unexpected error, after all other records were worked on
        """
        last_error = None
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        for number, company in enumerate(companies, 1):
            records = company._at_office(self)
            try:
                domain = Domain("company_id", "=", company.id) & Domain(get_domain(records))
                has_time = records._run_in_batches(domain, method_name, batch_size)
            except Exception as error:  # noqa: BLE001 - the other companies get their turn
                last_error, has_time = error, True
            if not has_time:
                if left := len(companies) - number:
                    # The next run goes on at once: they have not had their turn.
                    self.env["ir.cron"]._commit_progress(remaining=left)
                break
        if last_error:
            raise last_error

    def _run_isolated(self, method_name):
        """Try the whole batch; where that fails, each record by itself.

        :return: the last unexpected error, or None
        :raise CONCURRENCY_ERRORS: another transaction holds or has changed what this one needs
        """
        if not self:
            return None
        try:
            with self.env.cr.savepoint():
                getattr(self, method_name)()
            return None
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 - every record gets its own try below
            _logger.info(
                "batch of %s %s falls back to single records: %s",
                len(self),
                self._name,
                type(error).__name__,
            )
        last_error = None
        for record in self:
            try:
                with self.env.cr.savepoint():
                    getattr(record, method_name)()
            except CONCURRENCY_ERRORS:
                raise
            except UserError as error:
                record._on_batch_error(method_name, str(error))
            except Exception as error:
                _logger.exception("%s,%s: %s failed", self._name, record.id, method_name)
                record._on_batch_error(method_name, self.env._("unexpected error, see the log"))
                last_error = error
        return last_error

    def _on_batch_error(self, method_name, message):
        """Put a failure of one record on record; models open a work item."""
        _logger.warning("%s,%s: %s: %s", self._name, self.id, method_name, message)
