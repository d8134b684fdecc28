# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

# A proof that agrees may still be spoiled by a message of its day that comes late.
_WATCH_PROVEN_DAYS = 7
_WATCH_OPEN_DAYS = 60
# Days that are asked about when a system has told nothing for long.
_CATCH_UP_DAYS = 14


class HcIntegrationProof(models.Model):
    """The daily proof without anybody's help: days that are due, and differences that go away."""

    _inherit = "hc.integration.proof"

    @api.model
    def _cron_prove(self):
        """Scheduled Action: make the proofs that are due and compare those that are not settled.

        Each proof is a step that commits; one that fails does not stop the others.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        as_of = self.env.cr.now()
        self._make_due_proofs(as_of)
        commit_progress()
        watched = self.search(self._get_watched_domain(as_of), order="day, id")
        commit_progress(remaining=len(watched))
        failed = []
        for position, proof in enumerate(watched, start=1):
            # Held by another worker: it compares already.
            if proof.try_lock_for_update(allow_referencing=True):
                proof._check_safely(failed)
            if not commit_progress(1, remaining=len(watched) - position):
                break
        if failed:
            raise UserError(self.env._("Proofs that failed: %(ids)s.", ids=failed))

    def _check_safely(self, failed):
        try:
            with self.env.cr.savepoint():
                self._check()
        except CONCURRENCY_ERRORS:
            _logger.info("proof %s is compared in the next run", self.id)
        except Exception as error:  # noqa: BLE001 - one proof must not stop the others
            # The message of a database error quotes values, which may be patient data.
            _logger.error("proof %s failed: %s", self.id, type(error).__name__)  # noqa: TRY400
            failed.append(self.id)

    @api.model
    def _get_watched_domain(self, as_of):
        today = as_of.date()
        return Domain("state", "in", ("not_told", "differs")) & Domain(
            "day", ">=", today - timedelta(days=_WATCH_OPEN_DAYS)
        ) | Domain("state", "in", ("proven", "settled")) & Domain(
            "day", ">=", today - timedelta(days=_WATCH_PROVEN_DAYS)
        )

    @api.model
    def _make_due_proofs(self, as_of):
        """Make a proof for each day that a system should have told by now, and ask for it.

        :param datetime as_of: now, in UTC without zone
        """
        sources = self.env["hc.integration.source"].search(
            [("is_proof_expected", "=", True), ("state", "=", "active")]
        )
        due = {source: source._get_due_days(as_of) for source in sources}
        known = {
            (proof.source_id.id, proof.day)
            for proof in self.search(
                [
                    ("source_id", "in", sources.ids),
                    ("day", "in", list({day for days in due.values() for day in days})),
                ]
            )
        }
        made = self._create_guarded(
            [
                {"source_id": source.id, "day": day}
                for source, days in due.items()
                for day in days
                if (source.id, day) not in known
            ]
        )
        self.env["hc.work.item"]._open([proof._prepare_not_told_item() for proof in made])

    def _prepare_not_told_item(self):
        return {
            "kind": "proof_not_told",
            "queue_code": "operations",
            "severity": "warning",
            "dedup_key": f"proof_not_told:{self.id}",
            "name": self.env._(
                "%(sender)s has not told what it sent on %(day)s",
                sender=self.source_id.name,
                day=fields.Date.to_string(self.day),
            ),
            "description": self.env._(
                "Ask its people for the day's totals and enter them on the page of the proof, or "
                "have the system send them."
            ),
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }


class HcIntegrationSource(models.Model):
    """Which days a system should have told by now."""

    _inherit = "hc.integration.source"

    def _get_due_days(self, as_of):
        """Days since it was connected, of the last two weeks, whose totals are overdue."""
        self.ensure_one()
        zone, utc = ZoneInfo(self.proof_tz or "UTC"), ZoneInfo("UTC")

        def local_day(moment):
            return moment.replace(tzinfo=utc).astimezone(zone).date()

        last = local_day(as_of - timedelta(hours=self.proof_grace_hours)) - timedelta(days=1)
        first = last - timedelta(days=_CATCH_UP_DAYS - 1)
        if self.proof_since:
            first = max(first, self.proof_since)
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]
