# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import os

from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_core import chain
from .hc_transition import HASHED_COLUMNS

_logger = logging.getLogger(__name__)

_SEAL_CHUNK_ROWS = 2000
_VERIFY_CHUNK_ROWS = 5000
# Any number, the same in every process of the suite.
_SEAL_LOCK_KEY = 7_206_235_119
# The key that signs anchors; without it an anchor proves order but not authorship.
_ANCHOR_KEY_VARIABLE = "HC_AUDIT_KEY"


class HcTransitionSeal(models.Model):
    """The one global chain over all log rows, in the order in which they became visible.

    Rows are sealed a moment after they are committed, by one short transaction at a time (an
    advisory lock), so that appending never waits. Position p's hash covers the row's hash and the
    hash of position p - 1: from the head alone, any later change, loss or insertion shows.
    """

    _name = "hc.transition.seal"
    _inherit = ["hc.append.only.mixin"]
    _description = "Log Seal"
    _order = "position desc"
    _log_access = False
    _allow_sudo_commands = False

    position = fields.Integer(required=True, readonly=True, aggregator=None)
    transition_id = fields.Many2one(
        "hc.transition", "Log Entry", required=True, readonly=True, ondelete="restrict"
    )
    row_hash = fields.Char(required=True, readonly=True)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    sealed_at = fields.Datetime(required=True, readonly=True)

    _position_unique = models.UniqueIndex("(position)")
    _transition_unique = models.UniqueIndex("(transition_id)")

    @api.model
    def _get_head(self):
        """``(position, hash)`` of the last seal; ``(0, GENESIS)`` before the first."""
        rows = self.env.execute_query(
            SQL("SELECT position, hash FROM hc_transition_seal ORDER BY position DESC LIMIT 1")
        )
        return rows[0] if rows else (0, chain.GENESIS)

    @api.model
    def _seal(self, limit=_SEAL_CHUNK_ROWS):
        """Seal the oldest unsealed rows.

        :param int limit: most rows to seal
        :return: how many rows were sealed; 0 too where another process is sealing
        """
        locked = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", _SEAL_LOCK_KEY)
        )[0][0]
        if not locked:
            return 0
        position, previous_hash = self._get_head()
        rows = self.env.execute_query(
            SQL(
                """SELECT t.id, t.hash FROM hc_transition t
                    WHERE NOT EXISTS (
                          SELECT FROM hc_transition_seal s WHERE s.transition_id = t.id)
                 ORDER BY t.id LIMIT %s""",
                limit,
            )
        )
        sealed_at = self.env.cr.now().replace(microsecond=0)
        seals = []
        for transition_id, row_hash in rows:
            position += 1
            hash_ = chain.row_hash({"position": position, "row": row_hash}, previous_hash)
            seals.append((position, transition_id, row_hash, previous_hash, hash_, sealed_at))
            previous_hash = hash_
        self._insert(seals)
        return len(seals)

    @api.model
    def _insert(self, seals):
        if seals:
            self.env.execute_query(
                SQL(
                    """INSERT INTO hc_transition_seal
                       (position, transition_id, row_hash, previous_hash, hash, sealed_at)
                       VALUES %s RETURNING id""",
                    SQL(", ").join(SQL("%s", seal) for seal in seals),
                )
            )

    @api.model
    def _cron_seal(self):
        """Scheduled Action: seal what is new and write the head to the server log."""
        while sealed := self._seal():
            remaining = _SEAL_CHUNK_ROWS if sealed == _SEAL_CHUNK_ROWS else 0
            if not self.env["ir.cron"]._commit_progress(sealed, remaining=remaining):
                break
            if not remaining:
                break
        self._anchor()

    @api.model
    def _anchor(self):
        """Write the head where the database's owner cannot rewrite it: the server log.

        :return: the anchor line
        """
        position, hash_ = self._get_head()
        line = f"database={self.env.cr.dbname} position={position} head={hash_}"
        key = os.environ.get(_ANCHOR_KEY_VARIABLE, "")
        signature = chain.sign(line, key.encode()) if key else "unsigned"
        line = f"{line} signature={signature}"
        _logger.info("audit anchor %s", line)
        return line

    @api.model
    def _verify(self, anchors=()):
        """Verify the whole log: every row, every record's chain, the global chain, the anchors.

        :param anchors: ``(position, hash)`` pairs kept outside the database
        :return: the first :class:`~hc_core.chain.Break` found and where
            (``"record <model>,<id>"``, ``"seal"`` or ``"anchor"``), or None
        """
        return self._verify_record_chains() or self._verify_seals() or self._verify_anchors(anchors)

    @api.model
    def _verify_record_chains(self):
        columns = SQL(", ").join(
            map(SQL.identifier, ("id", *HASHED_COLUMNS, "previous_hash", "hash", "hash_version"))
        )
        names = ("id", *HASHED_COLUMNS, "previous_hash", "hash", "hash_version")
        after = ("", 0, 0)
        current, position, previous = None, 0, chain.GENESIS
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT %s FROM hc_transition WHERE (res_model, res_id, sequence) > %s
                     ORDER BY res_model, res_id, sequence LIMIT %s""",
                    columns,
                    after,
                    _VERIFY_CHUNK_ROWS,
                )
            )
            if not rows:
                return None
            for values in rows:
                row = dict(zip(names, values, strict=True))
                key = (row["res_model"], row["res_id"])
                if key != current:
                    current, position, previous = key, 0, chain.GENESIS
                position += 1
                payload = self.env["hc.transition"]._hash_payload(row)
                found = chain.check_row(
                    row["sequence"],
                    payload,
                    row["previous_hash"],
                    row["hash"],
                    row["hash_version"],
                    position,
                    previous,
                )
                if found:
                    return found, f"record {key[0]},{key[1]}"
                previous = row["hash"]
            after = (row["res_model"], row["res_id"], row["sequence"])

    @api.model
    def _verify_seals(self):
        after, previous = 0, chain.GENESIS
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT s.position, s.row_hash, s.previous_hash, s.hash, t.hash
                         FROM hc_transition_seal s
                    LEFT JOIN hc_transition t ON t.id = s.transition_id
                        WHERE s.position > %s ORDER BY s.position LIMIT %s""",
                    after,
                    _VERIFY_CHUNK_ROWS,
                )
            )
            if not rows:
                return None
            for position, row_hash, previous_hash, hash_, current_hash in rows:
                expected = chain.row_hash({"position": position, "row": row_hash}, previous)
                if position != after + 1:
                    return chain.Break(after + 1, f"seal {after + 1} is missing"), "seal"
                if current_hash != row_hash:
                    return chain.Break(position, "the sealed row is gone or changed"), "seal"
                if previous_hash != previous or hash_ != expected:
                    return chain.Break(position, "the seal does not follow the one before"), "seal"
                after, previous = position, hash_

    @api.model
    def _verify_anchors(self, anchors):
        for position, expected in anchors:
            rows = self.env.execute_query(
                SQL("SELECT hash FROM hc_transition_seal WHERE position = %s", position)
            )
            if not rows or rows[0][0] != expected:
                reason = "the chain does not contain the anchored head"
                return chain.Break(position, reason), "anchor"
        return None

    @api.model
    def _cron_verify(self):
        """Scheduled Action: verify the log and open a work item at the first break."""
        found = self._verify()
        if not found:
            _logger.info("audit chain verified up to position %s", self._get_head()[0])
            return
        broken, where = found
        _logger.critical("audit chain broken at %s, entry %s", where, broken.position)
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "chain_break",
                    "severity": "critical",
                    "queue_code": "compliance",
                    "dedup_key": "chain_break",
                    "name": self.env._("The audit log was tampered with or damaged"),
                    "description": self.env._(
                        "%(where)s, entry %(position)s: %(reason)s. Keep the database as it is "
                        "and compare it with the last backup and the anchors in the server log.",
                        where=where,
                        position=broken.position,
                        reason=broken.reason,
                    ),
                }
            ]
        )
