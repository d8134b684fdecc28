# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is held for a day, counted by the database."""

import json
from decimal import Decimal, InvalidOperation

from odoo import models
from odoo.tools import SQL

from ..hc_webhook_core.proof import Finding, Held, has_amounts
from .hc_integration_proof import TOTALS

# Bodies that are read at once to add their amounts up.
_CHUNK_BYTES = 8 * 1024 * 1024
_CHUNK_ROWS = 2_000
# Longer than any sound event that carries an amount and no document.
_LONGEST_NUMBER = 32


class HcExchange(models.Model):
    """How events of a day are found."""

    _inherit = "hc.exchange"

    _event_day_index = models.Index(
        "(source_id, occurred_at) WHERE document_type = 'event' AND direction = 'in'"
    )
    _event_number_index = models.Index(
        "(source_id, subject_key, sequence_number) "
        "WHERE document_type = 'event' AND direction = 'in' AND sequence_number > 0"
    )


class HcIntegrationProof(models.Model):
    """The queries of the daily proof: a fixed number for a day, none for an event."""

    _inherit = "hc.integration.proof"

    def _get_held_sql(self):
        """Condition for the events, as ``event``, that are held for this day.

        What was entered by hand and came late all the same is one fact: the late one counts.
        """
        start, end = self._get_bounds()
        return SQL(
            """event.source_id = %(source)s AND event.document_type = 'event'
               AND event.direction = 'in' AND event.event_type <> %(totals)s
               AND event.occurred_at >= %(start)s AND event.occurred_at < %(end)s
               AND NOT (coalesce(event.is_manual, false)
                        AND (event.matched_id IS NOT NULL
                             OR EXISTS (SELECT 1 FROM hc_exchange AS late
                                         WHERE late.matched_id = event.id)))""",
            source=self.source_id.id,
            totals=TOTALS,
            start=start,
            end=end,
        )

    def _query(self, query):
        # The text of a failed statement would show its values.
        self.env["hc.exchange"].flush_model()
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    def _count_held(self):
        """What is held of each type, and of those with amounts by currency: ``[Held]``."""
        rows = self._query(
            SQL(
                """SELECT event.event_type, count(*),
                          count(*) FILTER (WHERE event.state <> 'done')
                     FROM hc_exchange AS event WHERE %s
                 GROUP BY event.event_type ORDER BY event.event_type""",
                self._get_held_sql(),
            )
        )
        held = [
            Held(event_type, count, unfinished=unfinished)
            for event_type, count, unfinished in rows
            if not has_amounts(event_type)
        ]
        money = [event_type for event_type, _count, _unfinished in rows if has_amounts(event_type)]
        return held + self._sum_amounts(money)

    def _sum_amounts(self, event_types):
        """Counts and sums of events that carry amounts, from their bodies."""
        if not event_types:
            return []
        rows = self._query(
            SQL(
                """SELECT event.id, event.event_type, event.state <> 'done', event.size_bytes
                     FROM hc_exchange AS event
                    WHERE %s AND event.event_type = ANY(%s) ORDER BY event.id""",
                self._get_held_sql(),
                event_types,
            )
        )
        sums = {}
        for chunk in _chunks(rows):
            amounts = self._read_amounts([row[0] for row in chunk])
            for event_id, event_type, is_unfinished, _size in chunk:
                currency, amount = amounts[event_id]
                known = sums.get((event_type, currency), (0, Decimal(0), 0))
                sums[event_type, currency] = (
                    known[0] + 1,
                    known[1] + amount,
                    known[2] + is_unfinished,
                )
        return [
            Held(event_type, count, currency, amount, unfinished)
            for (event_type, currency), (count, amount, unfinished) in sums.items()
        ]

    def _read_amounts(self, event_ids):
        """``{id: (currency, amount)}``; a body that cannot be read counts nothing."""
        rows = self._query(
            SQL("SELECT id, payload_body FROM hc_exchange WHERE id = ANY(%s)", event_ids)
        )
        names = set(self.env["res.currency"].with_context(active_test=False).search([
            ("name", "!=", False)
        ]).mapped("name"))  # fmt: skip
        return {event_id: _read_amount(body, names) for event_id, body in rows}

    def _compare_ids(self, told):
        """Ids that were told and are not here, and ids that are here and were not told.

        :return: ``({type: [id]}, {type: [id]})``, of the types told with their ids
        """
        named = [row for row in told if row.message_ids is not None]
        if not named:
            return {}, {}
        source = self.source_id
        types = [row.event_type for row in named for _id in row.message_ids]
        ids = [message_id for row in named for message_id in row.message_ids]
        missing = self._query(
            SQL(
                """SELECT told.event_type, told.message_id
                     FROM unnest(%s::varchar[], %s::varchar[]) AS told (event_type, message_id)
                    WHERE NOT EXISTS (
                          SELECT 1 FROM hc_exchange AS event
                           WHERE event.company_id = %s AND event.direction = 'in'
                             AND event.source = %s AND event.document_type = 'event'
                             AND event.external_id = told.message_id)""",
                types,
                ids,
                source.company_id.id,
                source.code,
            )
        )
        unknown = self._query(
            SQL(
                """SELECT event.event_type, event.external_id FROM hc_exchange AS event
                    WHERE %s AND event.event_type = ANY(%s)
                      AND NOT coalesce(event.is_manual, false)
                      AND NOT EXISTS (SELECT 1 FROM unnest(%s::varchar[]) AS told (message_id)
                                       WHERE told.message_id = event.external_id)""",
                self._get_held_sql(),
                [row.event_type for row in named],
                ids,
            )
        )
        return _by_type(missing), _by_type(unknown)

    def _find_gaps(self):
        """Numbers that were left out within a subject, where the system numbers without gaps."""
        if not self.source_id.has_gapless_numbers:
            return []
        start, end = self._get_bounds()
        rows = self._query(
            SQL(
                """WITH numbered AS (
                       SELECT event.subject_key, event.event_type, event.occurred_at,
                              event.sequence_number AS number,
                              lag(event.sequence_number) OVER (
                                  PARTITION BY event.subject_key
                                      ORDER BY event.sequence_number, event.id) AS before
                         FROM hc_exchange AS event
                        WHERE event.source_id = %(source)s AND event.document_type = 'event'
                          AND event.direction = 'in' AND event.sequence_number > 0
                          AND event.subject_key IN (
                              SELECT touched.subject_key FROM hc_exchange AS touched
                               WHERE touched.source_id = %(source)s
                                 AND touched.document_type = 'event'
                                 AND touched.direction = 'in' AND touched.sequence_number > 0
                                 AND touched.occurred_at >= %(start)s
                                 AND touched.occurred_at < %(end)s))
                   SELECT subject_key, event_type, before + 1, number - 1 FROM numbered
                    WHERE number > before + 1
                      AND occurred_at >= %(start)s AND occurred_at < %(end)s
                 ORDER BY subject_key, number LIMIT 100""",
                source=self.source_id.id,
                start=start,
                end=end,
            )
        )
        return [
            Finding(
                "gap", event_type, f"{subject[:200]} {first}–{last}", str(last - first + 1), "0"
            )
            for subject, event_type, first, last in rows
        ]


def _chunks(rows):
    """Rows in parts whose bodies fit into memory at once; their last column is the size."""
    part, size = [], 0
    for row in rows:
        if part and (size + (row[-1] or 0) > _CHUNK_BYTES or len(part) >= _CHUNK_ROWS):
            yield part
            part, size = [], 0
        part.append(row)
        size += row[-1] or 0
    if part:
        yield part


def _read_amount(body, currencies):
    try:
        data = json.loads(bytes(body))["data"]
        amount, currency = data["amount"], data["currency"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "", Decimal(0)
    if currency not in currencies or not isinstance(amount, str) or len(amount) > _LONGEST_NUMBER:
        return "", Decimal(0)
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return "", Decimal(0)
    return (currency, value) if value.is_finite() else ("", Decimal(0))


def _by_type(rows):
    grouped = {}
    for event_type, message_id in rows:
        grouped.setdefault(event_type, []).append(message_id)
    return grouped
