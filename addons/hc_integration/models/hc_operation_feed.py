# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import record, rows, text
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS

_DAYS_MAX = 31
_FIGURES_MAX = 200


class HcOperation(models.AbstractModel):
    """The read-only feed for reporting platforms: indicators and ledger transactions."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_fetch_kpis()]

    @api.model
    def _define_fetch_kpis(self):
        day = {"type": "string", "format": "date", "maxLength": 10}
        optional_text = {"type": ["string", "null"], "maxLength": 64}
        figure = record(
            ("code", "unit", "as_of"),
            code=text(64),
            name=text(200),
            unit=text(16),
            as_of=day,
            value=optional_text,
            numerator=optional_text,
            denominator=optional_text,
            currency=optional_text,
        )
        return OperationDefinition(
            code="kpi.fetch",
            version=1,
            summary=self.env._(
                "Indicators at the end of up to 31 days, as the caller may see them."
            ),
            schema_in=record(
                ("first_day",),
                first_day=day,
                last_day=day,
                codes=rows(text(64, minLength=1), 50),
            ),
            schema_out=record(("figures",), figures=rows(figure, _DAYS_MAX * _FIGURES_MAX)),
            groups=RESOURCE_READERS,
            handler="_operation_fetch_kpis",
            is_write=False,
        )

    @api.model
    def _operation_fetch_kpis(self, payload):
        days = self._read_days(payload)
        provider = self.env["hc.kpi.provider"]
        series = provider._compute_all_series(days)
        asked = set(payload.get("codes") or series)
        if unknown := sorted(asked - series.keys()):
            raise OperationError("not_found", what=f"indicator {unknown[0]}")
        currency = self.env.company.currency_id.name
        return {
            "figures": [
                self._serve_figure(provider._get_definition(code), result, currency)
                for code, results in series.items()
                if code in asked
                for result in results
            ]
        }

    @api.model
    def _read_days(self, payload):
        """The days that were asked for.

        :raise OperationError: ``payload_invalid``: they lie ahead, or are too many
        """
        first = date.fromisoformat(payload["first_day"])
        last = date.fromisoformat(payload.get("last_day") or payload["first_day"])
        count = (last - first).days + 1
        if not 1 <= count <= _DAYS_MAX:
            raise OperationError(
                "payload_invalid", problems=f"/last_day is not within {_DAYS_MAX} days"
            )
        if last > fields.Date.context_today(self):
            raise OperationError("payload_invalid", problems="/last_day lies ahead")
        return tuple(first + timedelta(days=number) for number in range(count))

    @api.model
    def _serve_figure(self, definition, result, currency):
        figure = result.figure

        def serve(number):
            return None if number is None else str(number)

        return {
            "code": definition.code,
            "name": definition.name,
            "unit": definition.unit,
            "as_of": result.as_of.isoformat(),
            "value": serve(figure.value),
            "numerator": serve(figure.numerator),
            "denominator": serve(figure.denominator),
            "currency": currency if definition.unit == "money" else None,
        }

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="transactions",
                model="hc.ledger.transaction",
                summary=self.env._("What changed the receivable of cases, line by line; no names."),
                groups=RESOURCE_READERS,
                fields={
                    "number": "number",
                    "kind": "kind",
                    "adjustment_kind": "adjustment_kind",
                    "date": "date",
                    "case_number": "case_id.name",
                    "facility_code": "facility_id.code",
                    "payer_code": "payer_id.code",
                    "responsibility": "responsibility",
                    "amount": "amount",
                    "amount_open": "amount_open",
                    "currency": "currency_id.name",
                },
            )
        ]
