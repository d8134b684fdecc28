# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)


class HcStatementRun(models.Model):
    """The statements of the day, unattended."""

    _inherit = "hc.statement.run"

    @api.model
    def _issue_today(self):
        """Start today's statements of each company, once, where the running automation acts.

        Each company is a step of its own: one that fails is put on record and keeps no other from
        its statements.

        :raise Exception: the last error, after all other companies were worked on
        """
        accounts = self.env["hc.collection.account"]
        reach = self.env["hc.automation"]._get_running_domain(accounts._name)
        last_error = None
        for (company,) in accounts._read_group(reach, ["company_id"]):
            try:
                with self.env.cr.savepoint():
                    self._issue_day(company)
            except CONCURRENCY_ERRORS:
                _logger.info("statements of company %s left to the next round", company.id)
            except Exception as error:
                _logger.exception("statements of company %s", company.id)
                self._open_day_item(company)
                last_error = error
            self.env["ir.cron"]._commit_progress(1)
        if last_error:
            raise last_error

    @api.model
    def _issue_day(self, company):
        """Start today's statements of a company, unless they were started."""
        today = company._get_office_day()
        runs = company._at_office(self.with_company(company))
        if runs.search_count([("company_id", "=", company.id), ("cron_day", "=", today)]):
            return
        runs._create_guarded(
            [{"company_id": company.id, "statement_date": today, "cron_day": today}]
        )._start()
        self._get_day_items(company)._resolve("fixed")

    @api.model
    def _get_day_items(self, company):
        return self.env["hc.work.item"].search(
            [
                ("dedup_key", "=", f"statement_day:{company.id}"),
                ("state", "in", ("open", "in_progress")),
            ]
        )

    @api.model
    def _open_day_item(self, company):
        """A person sees to it; the next round tries again."""
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "statement_failed",
                    "name": self.env._("Statements of the day were not started"),
                    "dedup_key": f"statement_day:{company.id}",
                    "queue_code": "billing",
                    "severity": "error",
                    "description": self.env._(
                        "The Scheduled Action could not choose the accounts; its log says why. "
                        "Make a statement run by hand to see the error."
                    ),
                    "company_id": company.id,
                }
            ]
        )
