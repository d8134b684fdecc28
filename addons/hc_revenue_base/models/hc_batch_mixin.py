# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, LockError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .hc_batch_position import DONE

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

        Where time ends before the records do, the next run of the Scheduled Action goes on behind
        the last of them.

        :param domain: which records, within the scope of the running automation; evaluated again
            for every batch, after the lock
        :param str method_name: method of a recordset; its UserError is put on record by
            :meth:`_on_batch_error`
        :param int batch_size: records per commit
        :return: whether there was time for all
        :raise Exception: the last unexpected error, after all other records were worked on
        """
        positions = self.env["hc.batch.position"]
        key = positions._get_key(self._name, method_name)
        is_through = self._run_part(domain, method_name, batch_size, key)
        if is_through:
            positions._forget([key])
        return is_through

    @api.model
    def _run_part(self, domain, method_name, batch_size, key):
        """Work on what lies behind the position that ``key`` names; whether all of it is done."""
        commit_progress = self.env["ir.cron"]._commit_progress
        positions = self.env["hc.batch.position"]
        domain = Domain(domain) & self.env["hc.automation"]._get_running_domain(self._name)
        last_id, last_error = positions._read(key), None
        commit_progress(remaining=self.search_count(domain & Domain("id", ">", last_id)))
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
            positions._keep(key, last_id)
            if not commit_progress(len(batch)):
                break
        if last_error:
            raise last_error
        return not batch

    @api.model
    def _run_in_parts(self, parts, batch_size=200):
        """As :meth:`_run_in_batches`, one part of the work after the other.

        A part that is through waits for the others: the next run goes on with the first that is
        not. An unexpected failure of one part stops no other.

        :param parts: tuples of a name, the model as that part sees it, the domain (or what returns
            it for that model) and the name of the method
        :param int batch_size: records per commit
        :raise Exception: the last unexpected error, after all other parts were worked on
        """
        last_error = None
        positions = self.env["hc.batch.position"]
        parts = list(parts)
        keys = [positions._get_key(self._name, method, name) for name, _m, _d, method in parts]
        for number, (key, part) in enumerate(zip(keys, parts, strict=True), 1):
            _name, records, domain, method_name = part
            try:
                domain = domain(records) if callable(domain) else domain
                is_through = records._run_part(domain, method_name, batch_size, key)
            except Exception as error:  # noqa: BLE001 - the other parts get their turn
                last_error, is_through = error, True
            if not is_through:
                if left := len(parts) - number:
                    # The next run goes on at once: they have not had their turn.
                    self.env["ir.cron"]._commit_progress(remaining=left)
                break
            positions._keep(key, DONE)
        else:
            positions._forget(keys)
        if last_error:
            raise last_error

    @api.model
    def _run_at_offices(self, get_domain, method_name, batch_size=200):
        """As :meth:`_run_in_batches`, company by company: today is the day at its office.

        Scheduled Actions have no time zone; by the day of Greenwich an office in Chicago would
        live in tomorrow every evening.

        :param get_domain: takes the model as of the office's day, returns which records
        :param str method_name: method of a recordset
        :param int batch_size: records per commit
        """
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        parts = []
        for company in companies:
            own = Domain("company_id", "=", company.id)
            parts.append(
                (
                    company.id,
                    company._at_office(self),
                    lambda records, own=own: own & Domain(get_domain(records)),
                    method_name,
                )
            )
        self._run_in_parts(parts, batch_size)

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
