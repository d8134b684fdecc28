# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timezone

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.tools.bulk_insert import insert_rows

from ..hc_fhir.digests import compare_versions, record_digest
from ..hc_fhir.records import Version


class HcFhirResource(models.Model):
    """What a clinical system has said about one of its resources: which version, what became of it.

    Later documents point to resources of earlier ones; a newer version updates, an older one that
    comes late is ignored. Holds numbers and digests, the content stays in the exchange.
    """

    _name = "hc.fhir.resource"
    _description = "Clinical Resource"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "resource_key"
    _guarded_fields = frozenset(
        {
            "company_id",
            "source",
            "resource_type",
            "resource_key",
            "natural_key",
            "version_number",
            "last_updated",
            "digest",
            "is_origin",
            "res_model",
            "res_id",
            "exchange_id",
        }
    )

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    source = fields.Char(required=True, readonly=True, help="Code of the system that sent it.")
    resource_type = fields.Char("Type", required=True, readonly=True, index=True)
    resource_key = fields.Char("Resource", required=True, readonly=True)
    natural_key = fields.Char("Known As", readonly=True, help="Its number in everyday use.")
    version_number = fields.Char("Version", readonly=True)
    last_updated = fields.Datetime("Changed There", readonly=True)
    digest = fields.Char("SHA-256", required=True, readonly=True)
    is_origin = fields.Boolean(
        "Registered by It", readonly=True, help="The record here was made from this resource."
    )
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    exchange_id = fields.Many2one(
        "hc.exchange", "Received With", required=True, readonly=True, index=True, ondelete="cascade"
    )

    _key_unique = models.UniqueIndex(
        "(company_id, source, resource_key)", "This resource is on record already."
    )
    _natural_key_index = models.Index("(company_id, source, resource_type, natural_key)")

    @api.model
    def _find(self, source, keys):
        """The resources of a source by key, whoever may see them.

        :param str source: code of the sending system
        :param keys: keys of records of a document
        :return: ``{key: resource}`` under superuser rights
        """
        found = self.sudo().search(
            [
                ("company_id", "=", self.env.company.id),
                ("source", "=", source),
                ("resource_key", "in", list(keys)),
            ]
        )
        return {resource.resource_key: resource for resource in found}

    def _compare(self, record, intake):
        """What a record is to the version on file.

        :return: ``same``, ``newer``, ``older`` or ``undated``
        """
        self.ensure_one()
        if self.digest == record_digest(record, intake):
            return "same"
        known = Version(self.version_number or "", self.last_updated)
        return compare_versions(Version(record.version.version_id, _as_utc(record.version)), known)

    @api.model
    def _remember(self, entries, known, exchange):
        """Put on record what was taken in.

        :param entries: ``[(key, values)]``; values name fields of this model
        :param known: what :meth:`_find` says of these keys
        :param exchange: the document that they came with
        """
        new = {}
        now = self.env.cr.now()
        common = {
            "exchange_id": exchange.id,
            "company_id": self.env.company.id,
            "source": exchange.sudo().source,
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        for key, values in entries:
            if key in known:
                # Who registered a record stays who registered it.
                kept = {name: values[name] for name in values if name != "is_origin"}
                known[key]._write_guarded(kept | {"exchange_id": exchange.id})
            else:
                new[key] = values | common | {"resource_key": key}
        insert_rows(self, [_as_row(values) for values in new.values()])

    @api.model
    def _prepare_vals(self, draft, intake):
        """Values that put a draft's record on file."""
        record = draft.record
        return {
            "resource_type": type(record).__name__,
            "natural_key": _natural_key(record),
            "version_number": record.version.version_id,
            "last_updated": _as_utc(record.version),
            "digest": record_digest(record, intake),
        }


def _as_row(values):
    """Values as the database takes them."""
    return {
        name: None if value is False and name != "is_origin" else value
        for name, value in values.items()
    }


def _as_utc(version):
    moment = version.last_updated
    if moment is None or moment.tzinfo is None:
        return moment or False
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


def _natural_key(record):
    """What people call the record: a number, never a person's name."""
    for name in ("mrn", "number", "npi", "external_id"):
        if getattr(record, name, ""):
            return getattr(record, name)
    return getattr(record, "name", "") or ""
