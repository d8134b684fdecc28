# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ..hc_core import chain
from ..tools.bulk_insert import insert_rows

# The columns of a row that its hash covers, in no particular order (canonical JSON sorts them).
HASHED_COLUMNS = (
    "res_model",
    "res_id",
    "sequence",
    "kind",
    "field_name",
    "from_state",
    "to_state",
    "actor_id",
    "on_behalf_of_id",
    "reason",
    "facts",
    "occurred_at",
    "company_id",
    "facility_id",
)
_INSERT_CHUNK_ROWS = 1000


class HcTransition(models.Model):
    """The append-only log of every transition, decision and control override.

    Each record has a chain of its own: ``sequence`` counts from 1 without a gap and every row
    carries the hash of the row before it. One chain over all records would need a shared head,
    and under REPEATABLE READ two transactions that move different records would fail on it; so
    the rows are sealed into one global chain afterwards (``hc.transition.seal``).

    Rows enter only through :meth:`_append`.
    """

    _name = "hc.transition"
    _inherit = ["hc.append.only.mixin"]
    _description = "Log Entry"
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    sequence = fields.Integer("Entry No.", required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        [
            ("creation", "Creation"),
            ("transition", "Transition"),
            ("decision", "Decision"),
            ("override", "Override"),
            ("event", "Event"),
        ],
        required=True,
        readonly=True,
    )
    field_name = fields.Char("Field", readonly=True)
    from_state = fields.Char("From", readonly=True)
    to_state = fields.Char("To", readonly=True)
    actor_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    on_behalf_of_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    reason = fields.Text(readonly=True)
    facts = fields.Json(readonly=True)
    occurred_at = fields.Datetime("When", required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    facility_id = fields.Many2one("hc.facility", readonly=True, ondelete="restrict")
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)
    hash_version = fields.Integer(required=True, readonly=True, aggregator=None)
    record_name = fields.Char(compute="_compute_record_name")

    _record_sequence = models.UniqueIndex(
        "(res_model, res_id, sequence)", "This log entry exists already."
    )
    _occurred_at_index = models.Index("(occurred_at)")

    @api.model
    def _append(self, entries):
        """Append rows, each to the chain of its record.

        :param list entries: dicts with ``record``, ``kind`` and optionally ``field_name``,
            ``from_state``, ``to_state``, ``reason``, ``facts``, ``on_behalf_of``, ``is_first`` (the
            record is new in this transaction: no chain has to be looked up)
        :raise ConcurrencyError: another transaction appended to the same record meanwhile; Odoo
            repeats the request
        """
        if not entries:
            return
        heads = self._get_heads(
            {
                (entry["record"]._name, entry["record"].id)
                for entry in entries
                if not entry.get("is_first")
            }
        )
        occurred_at = self.env.cr.now().replace(microsecond=0)
        rows = []
        for entry in entries:
            record = entry["record"]
            key = (record._name, record.id)
            sequence, previous_hash = heads.get(key, (0, chain.GENESIS))
            row = self._prepare_row(entry, sequence + 1, occurred_at)
            row["hash"] = chain.row_hash(self._hash_payload(row), previous_hash)
            row["facts"] = json.dumps(row["facts"])
            row["previous_hash"] = previous_hash
            row["hash_version"] = chain.CURRENT_VERSION
            heads[key] = (sequence + 1, row["hash"])
            rows.append(row)
        for start in range(0, len(rows), _INSERT_CHUNK_ROWS):
            self._insert(rows[start : start + _INSERT_CHUNK_ROWS])

    def _prepare_row(self, entry, sequence, occurred_at):
        record = entry["record"]
        on_behalf_of = entry.get("on_behalf_of")
        company = record.company_id.id if "company_id" in record._fields else False
        facility = record.facility_id.id if "facility_id" in record._fields else False
        return {
            "res_model": record._name,
            "res_id": record.id,
            "sequence": sequence,
            "kind": entry["kind"],
            "field_name": entry.get("field_name") or None,
            "from_state": entry.get("from_state") or None,
            "to_state": entry.get("to_state") or None,
            "actor_id": self.env.uid,
            "on_behalf_of_id": on_behalf_of.id if on_behalf_of else None,
            "reason": (entry.get("reason") or "").strip() or None,
            "facts": entry.get("facts") or {},
            "occurred_at": occurred_at,
            "company_id": company or None,
            "facility_id": facility or None,
        }

    @api.model
    def _hash_payload(self, row):
        """The hashed part of a row, the same for a row to insert and a row read back."""
        payload = {name: row[name] for name in HASHED_COLUMNS}
        payload["occurred_at"] = row["occurred_at"].strftime("%Y-%m-%d %H:%M:%S")
        return payload

    @api.model
    def _get_heads(self, keys):
        """``{(model, id): (last sequence, last hash)}`` in one query per model."""
        heads = {}
        for res_model in {model for model, _res_id in keys}:
            ids = [res_id for model, res_id in keys if model == res_model]
            rows = self.env.execute_query(
                SQL(
                    """SELECT wanted.id, head.sequence, head.hash
                         FROM unnest(%s) AS wanted(id)
                         JOIN LATERAL (
                              SELECT sequence, hash FROM hc_transition
                               WHERE res_model = %s AND res_id = wanted.id
                            ORDER BY sequence DESC LIMIT 1) AS head ON TRUE""",
                    ids,
                    res_model,
                )
            )
            heads.update({(res_model, row[0]): (row[1], row[2]) for row in rows})
        return heads

    @api.model
    def _insert(self, rows):
        """Insert rows; what follows the log extends it.

        :return: their ids, in the order of the rows
        """
        inserted = insert_rows(self, rows, SQL("ON CONFLICT DO NOTHING"))
        if len(inserted) != len(rows):
            raise ConcurrencyError("another transaction appended to the same record's log")
        return inserted

    def _compute_record_name(self):
        for entry in self:
            name = f"{entry.res_model},{entry.res_id}"
            if entry.res_model in self.env:
                record = self.env[entry.res_model].browse(entry.res_id)
                if record.sudo().exists() and record.has_access("read"):
                    name = record.display_name
            entry.record_name = name

    @api.model
    def _count_by_record(self, records):
        rows = self._read_group(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            ["res_id"],
            ["__count"],
        )
        return dict(rows)

    @api.model
    def _render_timeline(self, record):
        """The log of one record as HTML, newest first, for people."""
        entries = self.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=100
        )
        return self.env["ir.qweb"]._render(
            "hc_revenue_base.hc_transition_timeline",
            {"entries": [entry._describe(record) for entry in entries]},
        )

    def _describe(self, record):
        """What one row says, in words and with labels of the record's life cycle."""
        self.ensure_one()
        lifecycle = (
            record._get_lifecycle(self.field_name)
            if self.field_name and self.field_name in getattr(record, "_lifecycles", {})
            else None
        )

        def label(code):
            return lifecycle.label(code) if lifecycle and code else code

        return {
            "entry": self,
            "kind": dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            "from_state": label(self.from_state),
            "to_state": label(self.to_state),
            "actor": self.actor_id.sudo().name,
            "on_behalf_of": self.on_behalf_of_id.sudo().name,
            "facts": sorted((self.facts or {}).items()),
        }

    def action_open_record(self):
        """Open the record that this row is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
