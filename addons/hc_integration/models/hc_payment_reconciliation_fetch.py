# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payment provider says that it moved on a day, asked for page by page."""

import json
from datetime import datetime, timezone
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.tools.http_request import Limits

from ..hc_webhook_core import payment_matching as matching

PAGE_ROWS = 100
# 20,000 movements of one kind a day; more is no day of a hospital.
PAGES_MAX = 200
_LIMITS = Limits(read_seconds=30, total_seconds=60, response_bytes=8 * 1024 * 1024)
_REFUSED = (401, 403)
_NOT_FOUND = 404


class HcPaymentReconciliation(models.Model):
    _inherit = "hc.payment.reconciliation"

    def _get_bounds(self):
        """First second of the day, and of the next, at the company, since 1970."""
        zone = ZoneInfo(self.company_id._get_office_timezone())
        return matching.day_bounds(self.day, zone)

    def _fetch_lists(self, commit):
        """Read the provider's lists from where the last run stopped.

        :param commit: commits what was done; its answer is false when the time is up
        :return: whether all is read
        """
        position = dict(self.cursor or {"list": 0, "after": "", "pages": 0})
        while position["list"] < len(matching.LISTS):
            if position["pages"] >= PAGES_MAX:
                raise UserError(
                    self.env._(
                        "More than %(count)s rows of one day: is it the right account?",
                        count=PAGES_MAX * PAGE_ROWS,
                    )
                )
            with self.env.cr.savepoint():
                position = self._fetch_page(position)
            if not commit():
                return position["list"] >= len(matching.LISTS)
        return True

    def _fetch_page(self, position):
        """Read one page and keep it together with where the next begins."""
        name = matching.LISTS[position["list"]]
        start, end = self._get_bounds()
        params = {"created[gte]": start, "created[lt]": end, "limit": PAGE_ROWS}
        if name == "balance_transactions":
            params |= {"type": "adjustment", "expand[]": "data.source"}
        if position["after"]:
            params["starting_after"] = position["after"]
        movements, last, has_more = self._read_list(name, params)
        self._keep_theirs(movements)
        if has_more:
            position = position | {"after": last, "pages": position["pages"] + 1}
        else:
            position = {"list": position["list"] + 1, "after": "", "pages": 0}
        self._write_guarded({"cursor": position})
        return position

    def _read_list(self, name, params):
        try:
            return matching.read_page(name, self._ask(name, params))
        except matching.ListError:
            raise self._get_unreadable() from None

    def _ask(self, endpoint, params):
        """Ask the provider's interface; None where it does not know what was asked for.

        :raise UserError: it cannot be reached, refuses the key, or answers an error
        """
        provider_sudo = self.provider_id.sudo()
        url = provider_sudo._build_request_url(endpoint)
        headers = provider_sudo._build_request_headers("GET", endpoint, params)
        answer = self.env["hc.http"]._send(
            "GET",
            f"{url}?{urlencode(params)}" if params else url,
            purpose="payment.reconcile",
            headers={name: str(value) for name, value in headers.items()},
            limits=_LIMITS,
        )
        if answer.status == _NOT_FOUND:
            return None
        if answer.status in _REFUSED:
            raise UserError(
                self.env._(
                    "%(provider)s refuses the key. Enter a valid one at the payment provider.",
                    provider=provider_sudo.name,
                )
            )
        if answer.status != 200:
            raise UserError(
                self.env._(
                    "%(provider)s answered %(status)s. It is asked again.",
                    provider=provider_sudo.name,
                    status=answer.status,
                )
            )
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise self._get_unreadable() from None

    def _get_unreadable(self):
        return UserError(
            self.env._(
                "%(provider)s sent no list that can be read.", provider=self.provider_id.sudo().name
            )
        )

    def _ask_about(self, movement):
        """What the provider tells of one movement, whatever its day; None: nothing.

        :param movement: as it is booked here
        """
        key, single = movement.key, None
        if movement.kind == matching.REFUND:
            name, single = "refunds", f"refunds/{key}"
        elif movement.kind != matching.PAYMENT:
            name, params = "balance_transactions", {"source": key, "expand[]": "data.source"}
        elif key.startswith("pi_"):
            name, params = "charges", {"payment_intent": key}
        else:
            name, single = "charges", f"charges/{key}"
        if single:
            row = self._ask(single, {})
            page = {"data": [row] if row else [], "has_more": False}
        else:
            page = self._ask(name, params | {"limit": PAGE_ROWS}) or {"data": [], "has_more": False}
        try:
            told, _last, _has_more = matching.read_page(name, page)
        except matching.ListError:
            raise self._get_unreadable() from None
        own = [each for each in told if (each.kind, each.key) == (movement.kind, key)]
        return next(iter(matching.unify(own)), None)

    @api.model
    def _to_moment(self, seconds):
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    def _keep_theirs(self, movements):
        """Keep what the provider tells, each movement once, as far as it has come.

        What failed moved nothing: it is kept nowhere.
        """
        lines = self.env["hc.payment.reconciliation.line"].sudo()
        movements = [each for each in matching.unify(movements) if each.status != matching.FAILED]
        known = {
            (line.kind, line.object_key): line
            for line in lines.search(
                [
                    ("reconciliation_id", "=", self.id),
                    ("object_key", "in", [each.key for each in movements]),
                ]
            )
        }
        new = []
        for each in movements:
            line = known.get((each.kind, each.key))
            side = lines._prepare_side(each, "theirs")
            if not line:
                new.append(self._prepare_line(each) | side)
            elif matching.rank(each.status) > matching.rank(line.theirs_status):
                line._write_guarded(side)
        lines._create_guarded(new)

    def _prepare_line(self, movement):
        return {
            "reconciliation_id": self.id,
            "kind": movement.kind,
            "object_key": movement.key,
            "reference": movement.reference,
            "occurred_at": self._to_moment(movement.created) if movement.created else False,
        }
