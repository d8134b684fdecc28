# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from .. import lifecycles
from ..hc_webhook_core import proof as proof_core
from ..hc_webhook_core.proof import Told

TOTALS = "source.totals"


class HcIntegrationProof(models.Model):
    """One day of one connected system: what it says that it sent, and what is held here.

    The day is one of the system's time zone; an event belongs to the day on which it happened.
    """

    _name = "hc.integration.proof"
    _description = "Daily Proof"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "day desc, source_id, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.INTEGRATION_PROOF}
    _guarded_fields = frozenset(
        {"source_id", "day", "told_at", "told_by_id", "exchange_id", "checked_at"}
    )

    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, index=True)
    day = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="not_told",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    told_at = fields.Datetime("Told", readonly=True)
    told_by_id = fields.Many2one("res.users", readonly=True)
    exchange_id = fields.Many2one(
        "hc.exchange", "Told In", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    checked_at = fields.Datetime("Last Compared", readonly=True)
    line_ids = fields.One2many("hc.integration.proof.line", "proof_id", "Totals", readonly=True)
    difference_ids = fields.One2many("hc.integration.difference", "proof_id", readonly=True)
    told_count = fields.Integer("They Sent", compute="_compute_counts")
    held_count = fields.Integer("We Hold", compute="_compute_counts")
    unfinished_count = fields.Integer("Not Applied", compute="_compute_counts")
    open_count = fields.Integer("Open Differences", compute="_compute_counts")

    _day_unique = models.UniqueIndex("(source_id, day)", "This day has a proof.")

    @api.depends("source_id", "day")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = f"{proof.source_id.name or ''} {proof.day or ''}"

    @api.depends("line_ids.told_count", "line_ids.held_count", "difference_ids.state")
    def _compute_counts(self):
        totals = {
            proof.id: row
            for proof, *row in self.env["hc.integration.proof.line"]._read_group(
                [("proof_id", "in", self.ids)],
                ["proof_id"],
                ["told_count:sum", "held_count:sum", "unfinished_count:sum"],
            )
        }
        differences = {
            proof.id: count
            for proof, count in self.env["hc.integration.difference"]._read_group(
                [("proof_id", "in", self.ids), ("state", "=", "open")], ["proof_id"], ["__count"]
            )
        }
        for proof in self:
            told, held, unfinished = totals.get(proof.id, (0, 0, 0))
            proof.told_count, proof.held_count = told, held
            proof.unfinished_count = unfinished
            proof.open_count = differences.get(proof.id, 0)

    @api.model
    def _get_proof(self, source, day):
        """The proof of a day; made where there is none."""
        return self.search([("source_id", "=", source.id), ("day", "=", day)]) or (
            self._create_guarded([{"source_id": source.id, "day": day}])
        )

    @api.model
    def _take_totals(self, source, day, told, exchange):
        """Put on record what a system says of a day, and compare. What it said before is gone.

        :param told: rows of :func:`~..hc_webhook_core.proof.read_totals`
        :param exchange: the message or document that told it
        :return: the proof
        :raise TotalsError: a currency that is none
        """
        proof = self._get_proof(source, day)
        currencies = self._find_currencies(told)
        proof.line_ids.unlink()
        self.env["hc.integration.proof.line"]._create_guarded(
            [
                {
                    "proof_id": proof.id,
                    "event_type": row.event_type,
                    "currency_id": currencies.get(row.currency, False),
                    "is_told": True,
                    "told_count": row.count,
                    "has_told_amount": row.amount is not None,
                    "told_amount": float(row.amount or 0),
                    "has_told_ids": row.message_ids is not None,
                    "told_ids": row.message_ids,
                }
                for row in told
            ]
        )
        proof._write_guarded(
            {
                "told_at": self.env.cr.now().replace(microsecond=0),
                "told_by_id": exchange.sudo().create_uid.id,
                "exchange_id": exchange.id,
            }
        )
        proof._check()
        return proof

    @api.model
    def _find_currencies(self, told):
        wanted = {row.currency for row in told if row.currency}
        found = self.env["res.currency"].with_context(active_test=False)
        by_name = {each.name: each.id for each in found.search([("name", "in", list(wanted))])}
        if unknown := sorted(wanted - by_name.keys()):
            raise proof_core.TotalsError(f"/totals: {unknown[0]} is no currency")
        return by_name

    def _check(self):
        """Compare what was told with what is held by now, and follow the differences.

        A handful of queries for a day, whatever it holds.
        """
        differences = self.env["hc.integration.difference"]
        for proof in self:
            told = proof.line_ids._read_told()
            pairs = proof_core.arrange(told, proof._count_held())
            proof._store_lines(pairs)
            findings = []
            if proof.told_at:
                missing, unknown = proof._compare_ids(told)
                findings = proof_core.compare(pairs, missing, unknown, proof._find_gaps())
            differences._follow(proof, findings)
            proof._follow_state()
        self._write_guarded({"checked_at": self.env.cr.now().replace(microsecond=0)})

    def _store_lines(self, pairs):
        """Keep what is held beside what was told."""
        lines = {(line.event_type, line.currency_id.name or ""): line for line in self.line_ids}
        currencies = self._find_currencies(
            [Told(held.event_type, 0, held.currency) for _told, held in pairs]
        )
        new, kept = [], self.env["hc.integration.proof.line"]
        for _told, held in pairs:
            vals = {
                "held_count": held.count,
                "held_amount": float(held.amount or Decimal(0)),
                "unfinished_count": held.unfinished,
            }
            line = lines.get((held.event_type, held.currency))
            if line is None:
                keys = {"proof_id": self.id, "event_type": held.event_type}
                new.append({**keys, "currency_id": currencies.get(held.currency, False), **vals})
            else:
                kept += line
                line._write_guarded(vals)
        (self.line_ids - kept).unlink()
        self.env["hc.integration.proof.line"]._create_guarded(new)

    def _follow_state(self):
        """The state that the differences stand for."""
        if not self.told_at:
            return
        states = set(self.difference_ids.mapped("state"))
        state = "proven"
        if "open" in states:
            state = "differs"
        elif "settled" in states:
            state = "settled"
        if self.state != state:
            self._transition_where_allowed(state)
        self._get_not_told_items()._resolve("fixed")

    def _get_bounds(self):
        """Beginning and end of the day, in UTC."""
        self.ensure_one()
        zone = ZoneInfo(self.source_id.proof_tz or "UTC")

        def begin(day):
            moment = datetime.combine(day, time(), zone).astimezone(timezone.utc)
            return moment.replace(tzinfo=None)

        return begin(self.day), begin(self.day + timedelta(days=1))

    def _get_not_told_items(self):
        return (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("kind", "=", "proof_not_told"),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ("open", "in_progress")),
                ]
            )
        )

    def action_check(self):
        """Compare again now."""
        self.check_access("write")
        self.sudo()._check()

    def action_tell(self):
        """Open the dialog for what the system says, found out by telephone or on paper."""
        self.ensure_one()
        return self.source_id.action_tell_totals() | {
            "context": {"default_source_id": self.source_id.id, "default_day": self.day}
        }

    def action_open_events(self):
        """Open the messages of this day."""
        self.ensure_one()
        start, end = self._get_bounds()
        return self.source_id.action_open_messages() | {
            "domain": [
                ("source_id", "=", self.source_id.id),
                ("document_type", "=", "event"),
                ("occurred_at", ">=", start),
                ("occurred_at", "<", end),
            ]
        }
