# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time
from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.http import request
from odoo.tools import SQL

# Reads of one patient by one user through one screen are one row within this time.
WINDOW_SECONDS = 600
_MAX_REMEMBERED = 100_000

_FORM_METHODS = frozenset({"web_read", "web_save", "onchange"})
_LIST_METHODS = frozenset(
    {
        "web_search_read",
        "web_read_group",
        "web_save_multi",
        "formatted_read_group",
        "formatted_read_grouping_sets",
    }
)
_SEARCH_METHODS = frozenset({"name_search", "web_name_search"})

# What this process has written in the current window, by database; the table's unique index
# decides between processes.
_remembered: dict[tuple[str, int], set] = {}


class HcPhiRead(models.Model):
    """Who saw which patient's data, through which screen or interface.

    One row per user, patient, model, source and window of ten minutes, committed before the
    answer leaves the server. What the system reads for a user under superuser rights is not a
    user's reading.
    """

    _name = "hc.phi.read"
    _inherit = ["hc.trail.mixin"]
    _description = "Patient Data Read"
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False
    _trail_bounds_itself = True

    read_at = fields.Datetime("When", required=True, readonly=True, index=True)
    window_start = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    patient_id = fields.Many2one(
        "hc.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    res_model = fields.Char("Model", required=True, readonly=True)
    model_label = fields.Char("Screen", compute="_compute_model_label")
    source = fields.Selection(
        [
            ("form", "Form"),
            ("list", "List or Board"),
            ("search", "Search Box"),
            ("export", "Export"),
            ("report", "Report"),
            ("rpc", "Interface (API)"),
        ],
        required=True,
        readonly=True,
    )
    detail = fields.Selection(
        [("name", "Name Only"), ("record", "Personal Data")],
        "What Was Shown",
        required=True,
        readonly=True,
    )
    remote_address = fields.Char(readonly=True)
    is_outside_facilities = fields.Boolean(
        "Outside Own Facilities",
        readonly=True,
        help="None of the user's facilities had treated the patient when it was read.",
    )
    is_same_name = fields.Boolean(
        "Own Name", readonly=True, help="The user's name contains the patient's last name."
    )

    _window_unique = models.UniqueIndex(
        "(user_id, patient_id, res_model, source, detail, window_start)",
        "This reading is on record already.",
    )

    @api.depends("res_model")
    def _compute_model_label(self):
        for row in self:
            model = self.env.get(row.res_model)
            row.model_label = row.res_model if model is None else model._description

    @api.depends("user_id", "read_at")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.user_id.name} {fields.Datetime.to_string(row.read_at)}"

    @api.model
    def _note_patients(self, model_name, patient_ids, detail, source):
        """Put on record that the user sees data of these patients.

        :param str model_name: model whose screen or interface shows them
        :param patient_ids: ids of patients
        :param str detail: ``name`` or ``record``
        :param str source: a key of the ``source`` field
        """
        remembered = _remembered.get((self.env.cr.dbname, _get_window()), ())
        new_ids = [
            patient_id
            for patient_id in patient_ids
            if (self.env.uid, patient_id, model_name, source, detail) not in remembered
        ]
        if new_ids:
            self._note(
                {
                    "res_model": model_name,
                    "source": source,
                    "detail": detail,
                    "patient_ids": new_ids,
                    **self._get_reader_facts(),
                }
            )

    @api.model
    def _get_source(self):
        """Through what the running request reads; None where there is no request."""
        if not request:
            return "rpc" if self._get_origin() else None
        path = request.httprequest.path
        if path.startswith("/web/dataset/call_"):
            method = request.params.get("method")
            if method in _FORM_METHODS:
                return "form"
            if method in _LIST_METHODS:
                return "list"
            return "search" if method in _SEARCH_METHODS else "rpc"
        if path.startswith("/web/export"):
            return "export"
        return "report" if path.startswith("/report") else "rpc"

    @api.model
    @tools.ormcache("self.env.uid")
    def _get_reader_facts(self):
        """What of the reader a row is judged by; changes of users and names clear the cache."""
        user_sudo = self.env.user.sudo()
        return {
            "reader_facilities": tuple(user_sudo.hc_facility_ids.ids),
            "reader_words": tuple((user_sudo.name or "").lower().split()),
        }

    @api.model
    def _write_entries(self, entries):
        by_reader = defaultdict(set)
        for entry in entries:
            reader = (entry["user_id"], entry["reader_facilities"], entry["reader_words"])
            by_reader[reader].update(
                (patient_id, entry["res_model"], entry["source"], entry["detail"])
                for patient_id in entry["patient_ids"]
            )
        for reader, keys in sorted(by_reader.items()):
            # In one order for all: two processes that insert the same rows never wait crosswise.
            columns = [list(column) for column in zip(*sorted(keys), strict=True)]
            self._execute_bounded(_insert_sql(reader, columns, entries[0]["remote_address"]))

    @classmethod
    def _on_written(cls, database, entries):
        window = _get_window()
        for key in [key for key in _remembered if key[0] == database and key[1] != window]:
            _remembered.pop(key, None)
        remembered = _remembered.setdefault((database, window), set())
        if len(remembered) > _MAX_REMEMBERED:
            remembered.clear()
        for entry in entries:
            user_id, source = entry["user_id"], entry["source"]
            remembered.update(
                (user_id, patient_id, entry["res_model"], source, entry["detail"])
                for patient_id in entry["patient_ids"]
            )


def _get_window():
    # Only this process reads it; the table's windows follow the database's clock.
    return int(time.monotonic()) // WINDOW_SECONDS


def _insert_sql(reader, columns, remote_address):
    """One statement for all rows, however many patients a list or an export has shown.

    Few tables: it is planned anew for every reading.
    """
    user_id, facility_ids, words = reader
    patients, models_, sources, details = columns
    return SQL(
        """
        INSERT INTO hc_phi_read (
                    read_at, window_start, user_id, patient_id, company_id, res_model, source,
                    detail, remote_address, is_outside_facilities, is_same_name)
             SELECT date_trunc('second', now() AT TIME ZONE 'UTC'),
                    date_bin(make_interval(secs => %(window)s), now() AT TIME ZONE 'UTC',
                             TIMESTAMP '1970-01-01'),
                    %(user_id)s, patient.id, patient.company_id, shown.res_model, shown.source,
                    shown.detail, %(address)s,
                    %(has_facilities)s AND (
                        SELECT NOT bool_or(treated.hc_facility_id = ANY(%(facilities)s::int[]))
                          FROM hc_facility_hc_patient_rel treated
                         WHERE treated.hc_patient_id = patient.id),
                    lower(patient.last_name) = ANY(%(words)s::text[])
               FROM unnest(%(patients)s::int[], %(models)s::varchar[], %(sources)s::varchar[],
                           %(details)s::varchar[])
                    AS shown(patient_id, res_model, source, detail)
               JOIN hc_patient patient ON patient.id = shown.patient_id
        ON CONFLICT DO NOTHING
        """,
        window=WINDOW_SECONDS,
        user_id=user_id,
        address=remote_address,
        has_facilities=bool(facility_ids),
        facilities=list(facility_ids),
        words=list(words),
        patients=patients,
        models=models_,
        sources=sources,
        details=details,
    )
