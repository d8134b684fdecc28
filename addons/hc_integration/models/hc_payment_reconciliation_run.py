# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""When which days are reconciled: yesterday, what was missed, what was different or failed."""

import logging
import traceback
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from ..hc_webhook_core import payment_matching as matching
from .payment_provider import LIVE_STATES

_logger = logging.getLogger(__name__)

# Events of the last minutes of a day have come by then.
GRACE = timedelta(hours=2)
CATCH_UP_DAYS = 31
# For so long a day with differences or unsettled payments is looked at again, once a day.
FOLLOW_UP_DAYS = 14
_FOLLOW_UP_PAUSE = timedelta(hours=20)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=15), timedelta(hours=6)


class HcPaymentReconciliation(models.Model):
    _inherit = "hc.payment.reconciliation"

    @api.model
    def _cron_reconcile(self):
        """Scheduled Action: begin what is due and work off what was begun, while time lasts."""
        commit_progress = self.env["ir.cron"]._commit_progress
        as_of = self.env.cr.now().replace(tzinfo=timezone.utc)
        self._begin_due(as_of)
        runs = self.search([("state", "=", "running")], order="day, id")
        left = len(runs)
        commit_progress(remaining=left)
        for run in runs:
            if not run.try_lock_for_update(allow_referencing=True) or run.state != "running":
                continue
            run._work_safely(commit_progress)
            is_over = run.state != "running"
            left -= is_over
            if not commit_progress(int(is_over), remaining=left):
                break

    @api.model
    def _begin_due(self, as_of):
        """Begin the days that nobody has looked at, and those that need a second look.

        :param datetime as_of: now, with a time zone
        """
        providers_sudo = self.env["payment.provider"].sudo().search(
            [("state", "in", LIVE_STATES)]
        )  # fmt: skip
        for provider in providers_sudo.filtered(lambda each: each._can_be_reconciled()):
            zone = ZoneInfo(provider.company_id._get_office_timezone())
            latest = matching.last_whole_day(as_of, zone, GRACE)
            days = self._get_missing_days(provider, latest)
            days |= self._get_unsettled_days(provider, latest, as_of)
            if days:
                self._begin(provider, sorted(days))
        moment = as_of.replace(tzinfo=None)
        self.search([("state", "=", "failed"), ("next_attempt_at", "<=", moment)])._transition(
            "running"
        )

    @api.model
    def _get_missing_days(self, provider, latest):
        """Days since the first one that was reconciled that have no run; else the last day."""
        earliest = latest - timedelta(days=CATCH_UP_DAYS - 1)
        rows = self.search_fetch(
            [("provider_id", "=", provider.id), ("state", "!=", "superseded")], ["day"], order="day"
        )
        known = set(rows.mapped("day"))
        first = max(min(known, default=latest), earliest)
        count = (latest - first).days + 1
        return {first + timedelta(days=number) for number in range(count)} - known

    @api.model
    def _get_unsettled_days(self, provider, latest, as_of):
        """Days that were different or not settled, to be looked at again."""
        before = as_of.replace(tzinfo=None) - _FOLLOW_UP_PAUSE
        runs = self.search(
            [
                ("provider_id", "=", provider.id),
                ("day", ">=", latest - timedelta(days=FOLLOW_UP_DAYS)),
                ("state", "in", ("matched", "different")),
                ("finished_at", "<=", before),
                "|",
                ("difference_count", ">", 0),
                ("pending_count", ">", 0),
            ]
        )
        return set(runs.mapped("day"))

    def _work_safely(self, commit):
        """Work off a run; one that fails is on record, is tried again and stops no other."""
        self.ensure_one()
        run = self.with_company(self.company_id)
        try:
            if not run.provider_id.sudo()._can_be_reconciled():
                raise UserError(self.env._("The provider is not live, or it cannot be asked."))
            if run._fetch_lists(commit):
                with self.env.cr.savepoint():
                    run._match()
                    run._finish()
        except CONCURRENCY_ERRORS:
            _logger.info("reconciliation %s: again in the next run", self.id)
        except UserError as error:
            run._fail(str(error))
        except Exception as error:  # noqa: BLE001 - one provider must not stop the others
            _logger.error(  # noqa: TRY400 - the text of an error may quote what was told
                "reconciliation %s failed: %s\n%s",
                self.id,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            run._fail(type(error).__name__)

    def _fail(self, reason):
        """Say why a day could not be reconciled, and when it is tried again."""
        pause = min(_FIRST_PAUSE * 2 ** min(self.attempts, 10), _LONGEST_PAUSE)
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded(
            {
                "error": reason[:500],
                "attempts": self.attempts + 1,
                "next_attempt_at": now + pause,
            }
        )
        self._transition("failed", reason=reason[:500])
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "queue_code": "operations",
                    "dedup_key": self._get_failure_key(),
                    "name": self.env._(
                        "Payments of %(provider)s cannot be reconciled",
                        provider=self.provider_id.sudo().name,
                    ),
                    "description": self.env._(
                        "%(reason)s It is tried again by itself; nothing is missed meanwhile.",
                        reason=reason,
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    def _can_be_reconciled(self):
        """Whether the provider is live and can be asked what it moved."""
        self.ensure_one()
        provider_sudo = self.sudo()
        return bool(
            provider_sudo.code == "stripe"
            and provider_sudo.state in LIVE_STATES
            and "stripe_secret_key" in self._fields
            and provider_sudo.stripe_secret_key
        )
