# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.config_diff import config_digest
from .hc_work_item import OPEN_STATES

_logger = logging.getLogger(__name__)


class HcConfigVersion(models.Model):
    """Finds configuration that was changed behind Odoo's back."""

    _inherit = "hc.config.version"

    @api.model
    def _cron_check_drift(self):
        """Scheduled Action: compare every controlled record with its last version.

        A difference is logged and becomes a critical work item; where it is gone, the item is
        resolved.
        """
        self._take_missing()
        drifted = {}
        for version in self._get_last_versions():
            reason = version._get_drift()
            if reason:
                _logger.critical(
                    "configuration drift: %s,%s: %s", version.res_model, version.res_id, reason
                )
                drifted[f"config_drift:{version.res_model}:{version.res_id}"] = (version, reason)
        self._open_drift_items(drifted)
        items = self.env["hc.work.item"].sudo()
        items.search(
            [
                ("kind", "=", "config_drift"),
                ("state", "in", OPEN_STATES),
                ("dedup_key", "not in", list(drifted)),
            ]
        )._resolve("fixed")

    @api.model
    def _get_last_versions(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (res_model, res_id) id FROM hc_config_version
                 ORDER BY res_model, res_id, number DESC"""
            )
        )
        versions = self.sudo().browse(row[0] for row in rows)
        return versions.filtered(lambda version: version.res_model in self.env)

    @api.model
    def _read_translations(self):
        """Stored translations of controlled texts: ``{(model, field, id): {lang: text}}``."""
        translations = {}
        for name in self._get_controlled_models():
            model = self.env[name].sudo().with_context(active_test=False)
            fields_ = [model._fields[field] for field in model._config_fields]
            for field in filter(lambda field: field.store and field.translate, fields_):
                for record in model.search([("id", ">", 0)])._filter_config_controlled():
                    stored = field._get_stored_translations(record)
                    translations[name, field.name, record.id] = stored
        return translations

    def _get_drift(self):
        """What differs from this version, in words; nothing where all is as agreed."""
        record = self._get_record()
        if not record:
            removed = self.module and self.env["ir.module.module"]._get(self.module).state not in (
                "installed",
                "to upgrade",
            )
            removed = removed or self._names_removed_value()
            return "" if removed else self.env._("the record is gone")
        current = record._config_stable(record._config_snapshot())
        if config_digest(current) == self.digest:
            return ""
        names = [name for name, value in current.items() if self.content.get(name) != value]
        return ", ".join(
            record._fields[name].string if name in record._fields else name for name in names
        )

    def _names_removed_value(self):
        """Whether it is of a kind that has gone with the module that had brought it."""
        fields_ = self.env[self.res_model]._fields
        return any(
            value and value not in fields_[name].get_values(self.env)
            for name, value in self.content.items()
            if name in fields_ and fields_[name].type == "selection"
        )

    @api.model
    def _open_drift_items(self, drifted):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "config_drift",
                    "severity": "critical",
                    "queue_code": "compliance",
                    "dedup_key": key,
                    "name": self.env._(
                        "Changed without agreement: %(record)s", record=version.record_name
                    ),
                    "description": self.env._(
                        "It differs from version %(number)s in: %(fields)s. Nobody agreed to that "
                        "in Odoo, so it was changed in the database. Find out who did it, then "
                        "roll back to the version, or propose the new values so that a second "
                        "person agrees.",
                        number=version.number,
                        fields=reason,
                    ),
                    "res_model": version._name,
                    "res_id": version.id,
                }
                for key, (version, reason) in drifted.items()
            ]
        )
