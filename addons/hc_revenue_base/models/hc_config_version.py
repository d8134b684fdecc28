# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..hc_core.config_diff import config_digest

_COLUMNS = (
    "res_model",
    "res_id",
    "number",
    "origin",
    "content",
    "digest",
    "module",
    "change_id",
    "author_id",
    "taken_at",
)


class HcConfigVersion(models.Model):
    """One version of a controlled record: append-only, so that one can always go back to it."""

    _name = "hc.config.version"
    _description = "Configuration Version"
    _inherit = ["hc.append.only.mixin"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    number = fields.Integer("Version", required=True, readonly=True, aggregator=None)
    origin = fields.Selection(
        [
            ("shipped", "As Installed"),
            ("update", "Module Update"),
            ("change", "Configuration Change"),
            ("stop", "Stopped at Once"),
        ],
        required=True,
        readonly=True,
    )
    content = fields.Json(required=True, readonly=True)
    digest = fields.Char(required=True, readonly=True)
    module = fields.Char(readonly=True, help="Technical name of the module that ships the record.")
    change_id = fields.Many2one("hc.config.change", readonly=True, ondelete="restrict")
    author_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    taken_at = fields.Datetime("Since", required=True, readonly=True)
    record_name = fields.Char(compute="_compute_record_name")
    model_label = fields.Char("Kind", compute="_compute_record_name")
    content_html = fields.Html("Values", compute="_compute_content_html", sanitize=False)
    is_current = fields.Boolean("In Force", compute="_compute_is_current")

    _number_unique = models.UniqueIndex(
        "(res_model, res_id, number)", "This version exists already."
    )

    @api.depends("number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(record)s, version %(number)s", record=version.record_name, number=version.number
            )

    def _get_record(self):
        """The record that this is a version of; empty where it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return self.browse()
        return self.env[self.res_model].browse(self.res_id).exists()

    def _compute_record_name(self):
        for version in self:
            record = version.sudo()._get_record()
            version.record_name = record.display_name or f"{version.res_model},{version.res_id}"
            model = self.env.get(version.res_model)
            version.model_label = version.res_model if model is None else model._description

    def _compute_is_current(self):
        rows = self._read_group(
            [
                ("res_model", "in", self.mapped("res_model")),
                ("res_id", "in", self.mapped("res_id")),
            ],
            ["res_model", "res_id"],
            ["number:max"],
        )
        last = {(res_model, res_id): number for res_model, res_id, number in rows}
        for version in self:
            version.is_current = version.number == last.get((version.res_model, version.res_id))

    def _compute_content_html(self):
        for version in self:
            model = self.env.get(version.res_model)
            rows = [
                (
                    model._fields[name].string,
                    model._config_label(name, value),
                )
                for name, value in version.content.items()
                if model is not None and name in model._fields and not isinstance(value, dict)
            ]
            version.content_html = Markup().join(
                [
                    Markup("<table class='table table-sm'>"),
                    *(Markup("<tr><th>%s</th><td>%s</td></tr>") % row for row in rows),
                    Markup("</table>"),
                ]
            )

    @api.model
    def _get_last(self, res_model, res_id):
        return self.search(
            [("res_model", "=", res_model), ("res_id", "=", res_id)], order="number desc", limit=1
        )

    @api.model
    def _take(self, records, origin, change=None, names=None):
        """Append a version of each record whose values differ from its last version.

        :param str origin: one of the values of the field
        :param change: the change that led to it
        :param names: the fields that were written; by default all. The others stay as agreed
            last: nobody agreed to what was changed in the database meanwhile
        :return: the versions that were appended
        """
        rows = []
        for record in records:
            content = record._config_snapshot()
            last = self.sudo()._get_last(record._name, record.id)
            if names is not None:
                content |= {n: v for n, v in (last.content or {}).items() if n not in names}
            digest = config_digest(record._config_stable(content))
            if last and last.digest == digest and not change:
                continue
            rows.append(self._prepare_row(record, origin, content, digest, last, change))
        return self.sudo().browse(self._insert(row) for row in rows)

    @api.model
    def _prepare_row(self, record, origin, content, digest, last, change):
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search([("model", "=", record._name), ("res_id", "=", record.id)], limit=1)
        )
        return {
            "res_model": record._name,
            "res_id": record.id,
            "number": last.number + 1 if last else 1,
            "origin": origin,
            "content": json.dumps(content),
            "digest": digest,
            "module": data.module or None,
            "change_id": change.id if change else None,
            "author_id": self.env.uid,
            "taken_at": self.env.cr.now().replace(microsecond=0),
        }

    @api.model
    def _insert(self, row):
        return self.env.execute_query(
            SQL(
                "INSERT INTO hc_config_version (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, _COLUMNS)),
                tuple(row[name] for name in _COLUMNS),
            )
        )[0][0]

    @api.model
    def _get_controlled_models(self):
        """Names of the models that carry controlled configuration."""
        mixin = self.env.registry["hc.config.controlled.mixin"]
        return sorted(
            name
            for name, model in self.env.registry.items()
            if issubclass(model, mixin) and model._auto
        )

    @api.model
    def _take_missing(self):
        """Take the first version of every controlled record that has none yet."""
        for name in self._get_controlled_models():
            records = self.env[name].sudo().with_context(active_test=False)
            records = records.search([("id", ">", 0)])._filter_config_controlled()
            rows = self.sudo()._read_group([("res_model", "=", name)], ["res_id"])
            known = {res_id for (res_id,) in rows}
            self._take(records.browse(set(records.ids) - known), "shipped")

    def action_open_record(self):
        """Open the record that this is a version of."""
        self.ensure_one()
        record = self._get_record()
        if not record:
            raise UserError(self.env._("The record of this version is gone."))
        return record._get_records_action()

    def action_roll_back(self):
        """Propose to go back to this version."""
        self.ensure_one()
        change = self.env["hc.config.change"]._propose(self._get_record(), self.content)
        change.reason = self.env._("Back to version %(number)s: ", number=self.number)
        return change._get_records_action()
