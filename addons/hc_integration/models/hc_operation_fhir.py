# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import datetime, timezone
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
    cursor_text,
    read_cursor,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import FLAG, record, text
from odoo.addons.hc_revenue_base.models.hc_operation_page import PAGE_IN
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS

from ..hc_fhir import r4_writer

_PAGE = 100
_BUNDLE_LENGTH_MAX = 8_000_000
# Type of resource → model whose records it tells of.
_MODELS = {
    "Patient": "hc.patient",
    "Coverage": "hc.coverage",
    "Encounter": "hc.encounter",
    "Account": "hc.billing.case",
    "AuditEvent": "hc.transition",
}
_WRITERS = {
    "Patient": r4_writer.write_patient,
    "Coverage": r4_writer.write_coverage,
    "Encounter": r4_writer.write_encounter,
    "Account": r4_writer.write_account,
    "AuditEvent": r4_writer.write_audit_event,
}
AUDIT_READERS = (
    "hc_revenue_base.group_hc_compliance",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_integration",
)


class HcOperation(models.AbstractModel):
    """Records as FHIR R4, page by page, under the reader's own rights."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return [*super()._get_operations(), self._define_fhir_read()]

    @api.model
    def _define_fhir_read(self):
        return OperationDefinition(
            code="fhir.read",
            version=1,
            summary=self.env._("Read records as FHIR R4, page by page, oldest change first."),
            schema_in=record(("type",), type={"type": "string", "enum": list(_MODELS)}, **PAGE_IN),
            schema_out=record(
                ("bundle_json", "next_cursor", "is_last"),
                bundle_json=text(_BUNDLE_LENGTH_MAX),
                next_cursor=text(80),
                is_last=FLAG,
            ),
            groups=RESOURCE_READERS,
            handler="_operation_read_fhir",
            is_write=False,
        )

    @api.model
    def _operation_read_fhir(self, payload):
        resource_type = payload["type"]
        if resource_type == "AuditEvent":
            self._check_groups(AUDIT_READERS, resource_type)
        limit = payload.get("limit") or _PAGE
        since, cursor = payload.get("since"), payload.get("cursor")
        place = read_cursor(cursor) if cursor else (self._read_moment(since), 0)
        rows = self._select_fhir_page(resource_type, place, limit + 1)
        page = rows[:limit]
        resources = self._write_fhir(resource_type, page)
        content = json.dumps(r4_writer.write_bundle(resources), default=_as_json)
        if len(content) > _BUNDLE_LENGTH_MAX:
            raise OperationError("payload_invalid", problems="/limit is too high for this page")
        return {
            "bundle_json": content,
            "next_cursor": cursor_text(page[-1][1], page[-1][0]) if page else cursor_text(*place),
            "is_last": len(rows) <= limit,
        }

    @api.model
    def _select_fhir_page(self, resource_type, place, limit):
        if resource_type != "AuditEvent":
            model = _MODELS[resource_type]
            described = ResourceDefinition(resource_type, model, "", (), {})
            return self._select_page(described, place, limit)
        entries = self.env["hc.transition"]
        self.env.flush_all()
        # The log keeps whole seconds of the moment at which a transaction began; see _select_page.
        return self.env.execute_query(
            SQL(
                """SELECT id, occurred_at FROM hc_transition
                    WHERE id IN %(readable)s AND (occurred_at, id) > (%(moment)s, %(id)s)
                      AND occurred_at < (
                          SELECT date_trunc('second', COALESCE(min(xact_start), now()))
                                 AT TIME ZONE 'UTC'
                            FROM pg_stat_activity
                           WHERE datname = current_database()
                             AND xact_start > now() - interval '1 hour')
                 ORDER BY occurred_at, id LIMIT %(limit)s""",
                readable=entries._search(Domain.TRUE).subselect(),
                moment=place[0].replace(tzinfo=None),
                id=place[1],
                limit=limit,
            )
        )

    @api.model
    def _write_fhir(self, resource_type, page):
        records = self.env[_MODELS[resource_type]].browse([id_ for id_, _moment in page])
        describe = getattr(self, f"_describe_fhir_{resource_type.lower()}")
        described = []
        for values, (id_, changed_at) in zip(describe(records), page, strict=True):
            values |= {"id": str(id_), "changed_at": _moment(changed_at)}
            described.append(_WRITERS[resource_type](values))
        return described


def _moment(value):
    if not value:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=timezone.utc).isoformat(timespec="milliseconds")
    return value.isoformat()


def _as_json(value):
    # Up to fifteen digits a float is written with the digits that it was made from.
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
