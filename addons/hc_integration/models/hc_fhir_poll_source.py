# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import traceback
from datetime import timedelta
from time import monotonic

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.tools.http_request import Limits

from ..hc_fhir import polling
from ..hc_fhir.findings import DocumentError

_logger = logging.getLogger(__name__)

# Clocks differ, and a server stamps a change before it shows it.
OVERLAP = timedelta(minutes=5)
LONGEST = timedelta(days=1)
SHORTEST = timedelta(minutes=2)
PAGES_MAX = 200
BYTES_MAX = 40 * 1024 * 1024
# Of one stretch of time: a server that answers slowly, or in circles, keeps the others waiting.
# With the last page it ends before the Scheduled Action is taken for dead (after 120 s).
SECONDS_MAX = 45
_LIMITS = Limits(read_seconds=45, total_seconds=45, response_bytes=polling.PAGE_BYTES_MAX)
_MINUTE = timedelta(minutes=1)


class HcIntegrationSource(models.Model):
    """Where a clinical system answers questions, and how far it has been asked.

    A poll asks for one stretch of time after the other. After an outage it goes on where it
    stopped, a day at a time, until it has caught up.
    """

    _inherit = "hc.integration.source"

    fhir_base_url = fields.Char(
        "FHIR Server",
        tracking=True,
        help="Address of the system's FHIR R4 server, such as https://ehr.example.org/fhir/r4. "
        "Empty: the system sends, and is not asked.",
    )
    is_fhir_polled = fields.Boolean(
        "Ask for Changes", tracking=True, help="Ask the FHIR server what has changed."
    )
    fhir_secret_id = fields.Many2one(
        "hc.secret",
        "FHIR Key",
        tracking=True,
        help="Sent with each question, as a bearer token. Empty: the server wants none.",
    )
    fhir_charge_type = fields.Selection(
        [("ChargeItem", "ChargeItem"), ("Claim", "Claim")],
        "Charges Come As",
        default="ChargeItem",
        required=True,
    )
    fhir_cursor = fields.Datetime(
        "Asked Up To", copy=False, help="Set it back to ask about a stretch of time again."
    )
    fhir_polled_at = fields.Datetime("Last Asked", readonly=True, copy=False)
    fhir_poll_error = fields.Char("Last Failure", readonly=True, copy=False)
    fhir_tried_at = fields.Datetime("Last Tried", readonly=True, copy=False)
    fhir_stretch_minutes = fields.Integer(
        "Asked at Once (min)",
        default=LONGEST // _MINUTE,
        readonly=True,
        copy=False,
        aggregator=None,
        help="Shorter while the server has much to say, or says it slowly.",
    )

    @api.constrains("fhir_base_url", "is_fhir_polled", "fhir_cursor")
    def _check_fhir_poll(self):
        for source in self:
            url = source.fhir_base_url or ""
            if url and not url.startswith("https://"):
                raise ValidationError(
                    self.env._("The address of a FHIR server begins with https://.")
                )
            if source.is_fhir_polled and not (url and source.fhir_cursor):
                raise ValidationError(
                    self.env._(
                        "To ask %(name)s for changes, enter its FHIR server and the moment from "
                        "which on to ask (Asked Up To).",
                        name=source.name,
                    )
                )

    @api.model
    def _cron_poll_fhir(self):
        """Scheduled Action: ask every polled system what has changed, while time lasts.

        Who was asked longest ago comes first: one that takes all the time has it once only.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        sources = self.search(
            [("is_fhir_polled", "=", True), ("state", "=", "active")],
            order="fhir_tried_at nulls first, id",
        )
        commit_progress(remaining=len(sources))
        failed = []
        for position, source in enumerate(sources, start=1):
            # Held by another worker: not ours.
            if not source.try_lock_for_update(allow_referencing=True):
                continue
            go_on = True
            while go_on and source._poll_safely(self.env.cr.now(), failed):
                go_on = bool(commit_progress(0, remaining=len(sources) - position + 1))
            if not commit_progress(1, remaining=len(sources) - position):
                break
        if failed:
            raise UserError(self.env._("FHIR servers that failed: %(codes)s.", codes=failed))

    def _poll_safely(self, as_of, failed):
        """Ask about the next stretch of time; a failure is put on record and tried again later.

        :return: whether there may be more to ask about
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                return self._poll_fhir(as_of)
        except CONCURRENCY_ERRORS:
            return False
        except (UserError, DocumentError) as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001 - one server must not stop the others
            # The message of a database error quotes values, which may be patient data.
            _logger.error(  # noqa: TRY400
                "FHIR poll of %s failed: %s\n%s",
                self.code,
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            reason = type(error).__name__
        failed.append(self.code)
        self.write({"fhir_poll_error": reason[:500], "fhir_tried_at": as_of.replace(tzinfo=None)})
        self._open_poll_item(reason)
        return False

    def _poll_fhir(self, as_of):
        """Ask about the next stretch of time and store the answer as a document.

        :param datetime as_of: now, in UTC without zone
        :return: whether there is more to ask about
        """
        self._check_user_at_work()
        as_of = as_of.replace(tzinfo=None)
        longest = _MINUTE * self.fhir_stretch_minutes
        window = polling.next_window(self.fhir_cursor, as_of, OVERLAP, longest)
        if window is None:
            return False
        pages = self._fetch_pages(window)
        if pages is None:
            self._shorten_stretch(window, as_of)
            return True
        if pages:
            self._store_pages(pages, window)
        self.write(
            {
                "fhir_cursor": window.end,
                "fhir_polled_at": as_of,
                "fhir_tried_at": as_of,
                "fhir_poll_error": False,
                "fhir_stretch_minutes": min(2 * self.fhir_stretch_minutes, LONGEST // _MINUTE),
            }
        )
        return window.end + _MINUTE < as_of

    def _shorten_stretch(self, window, as_of):
        """Ask about half as much the next time; that is kept, so that no run begins anew.

        :raises DocumentError: it is as short as may be
        """
        stretch = window.end - self.fhir_cursor
        if stretch <= SHORTEST:
            raise DocumentError(
                "too_many",
                "The server has more changes in a few minutes than can be taken in, or answers "
                "too slowly.",
            )
        minutes = max(stretch // 2, SHORTEST) // _MINUTE
        self.write({"fhir_stretch_minutes": minutes, "fhir_tried_at": as_of})

    def _fetch_pages(self, window):
        """Contents of all pages, or None where these are too many."""
        types = [*polling.POLLED_TYPES, self.fhir_charge_type, "DocumentReference"]
        pages, size, asked = [], 0, 0
        deadline = monotonic() + SECONDS_MAX  # tidy: allow clock - how long a server may take
        for resource_type in types:
            url = polling.first_url(self.fhir_base_url, resource_type, window)
            while url:
                content = self._fetch(url)
                count, url = polling.read_page(content, self.fhir_base_url)
                asked += 1
                size += len(content)
                if count:
                    pages.append(content)
                is_late = monotonic() > deadline  # tidy: allow clock - how long it took
                if asked > PAGES_MAX or size > BYTES_MAX or is_late:
                    return None
        return pages

    def _fetch(self, url):
        headers = {"Accept": "application/fhir+json"}
        if self.fhir_secret_id:
            code = self.fhir_secret_id.sudo().code
            token = self.env["hc.secret"]._get_value(code, self.company_id)
            headers["Authorization"] = f"Bearer {token}"
        answer = self.env["hc.http"]._send(
            "GET", url, purpose="fhir_poll", headers=headers, limits=_LIMITS
        )
        if answer.status != 200:
            raise DocumentError(
                "refused", f"The server answered {answer.status} to a question about changes."
            )
        return answer.body

    def _store_pages(self, pages, window):
        exchanges = (
            self.env["hc.exchange"]
            .with_user(self.user_id)
            .with_context(allowed_company_ids=self.company_id.ids)
            .with_company(self.company_id)
        )
        name = f"{self.code} {window.name}"
        # Asked about again after the cursor was set back, the answer may well be another one.
        number = f"poll {window.name} {fields.Datetime.to_string(self.env.cr.now())}"
        exchanges._receive("fhir_bundle", self.code, number, polling.join_pages(pages), name)
        self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()

    def _open_poll_item(self, reason):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "import_failed",
                    "queue_code": "charge_integrity",
                    "dedup_key": f"fhir_poll:{self.id}",
                    "name": self.env._("%(name)s cannot be asked for changes", name=self.name),
                    "description": reason,
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
