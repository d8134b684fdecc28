# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import kpi
from ..hc_core.kpi_question import KpiQuestion

TREND_WEEKS = 13
# Before it there are no records, and before the calendar no weeks.
_FIRST_DAY = date(1900, 1, 1)


def _number(value):
    """A Decimal as the web client takes numbers; exactness ends at the screen."""
    return None if value is None else float(value)


class HcKpiDashboard(models.AbstractModel):
    """What the dashboard page shows: every indicator with target and trend.

    Read as the user: record rules decide what is counted. The page shows the definitions of all
    installed modules, or, opened with a topic, those of the topic.
    """

    _name = "hc.kpi.dashboard"
    _description = "Indicators Page"

    @api.model
    def get_overview(self, filters=None):
        """Cards of all indicators with the trend of the last quarter.

        :param dict filters: optionally ``as_of`` (ISO day), ``facility_id``, ``payer_id`` and
            ``topic`` (only the indicators of this topic)
        :return: dict with ``as_of``, ``days``, ``currency_id``, ``facilities``, ``payers``,
            ``cards``
        :raise AccessError: the user has no role in the suite
        :raise UserError: a filter is malformed
        """
        self.env["hc.billing.case"].check_access("read")
        scope = self._read_filters(filters)
        provider = self.env["hc.kpi.provider"]
        days = kpi.weekly_days(scope["as_of"], TREND_WEEKS)
        targets = self.env["hc.kpi.target"]._get_targets(self.env.company, scope["as_of"])
        series = provider._compute_all_series(
            days, facilities=scope["facilities"], payers=scope["payers"], topic=scope["topic"]
        )
        company = ("company_id", "=", self.env.company.id)
        return {
            "as_of": fields.Date.to_string(scope["as_of"]),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "days": [fields.Date.to_string(day) for day in days],
            "currency_id": self.env.company.currency_id.id,
            "facilities": self.env["hc.facility"].search_read([company], ["name"]),
            "payers": self.env["hc.payer"].search_read([company], ["name"]),
            "cards": [
                self._make_card(provider._get_definition(code), results, targets[code])
                for code, results in series.items()
            ],
        }

    @api.model
    def get_groups(self, code, grouping, filters=None):
        """One indicator by facility, payer, department or responsibility.

        :return: list of dicts with ``key``, ``label``, ``value``, ``count`` and ``meets``
        :raise UserError: no such indicator or grouping, or a filter is malformed
        """
        self.env["hc.billing.case"].check_access("read")
        scope = self._read_filters(filters)
        provider = self.env["hc.kpi.provider"]
        definition = provider._get_definition(code)
        target = self.env["hc.kpi.target"]._get_targets(self.env.company, scope["as_of"])[code]
        result = provider._compute_kpi(
            code,
            scope["as_of"],
            facilities=scope["facilities"],
            payers=scope["payers"],
            group_by=grouping,
        )
        # A part of a total is not measured by the target of the total.
        comparable = grouping in definition.base_groupings and definition.unit != "money"
        return [
            {
                "key": group.key,
                "label": group.label,
                "value": _number(group.figure.value),
                "count": group.figure.count,
                "meets": definition.meets(group.figure.value, target) if comparable else None,
            }
            for group in result.groups
        ]

    @api.model
    def get_drill_down(self, code, filters=None, grouping=None, group_key=None):
        """Window action on exactly the records behind a number of the page.

        :raise UserError: no such indicator or grouping, or a filter is malformed
        """
        self.env["hc.billing.case"].check_access("read")
        scope = self._read_filters(filters)
        question = KpiQuestion(
            code,
            scope["as_of"],
            self.env.company.id,
            self._get_ids(scope["facilities"]),
            self._get_ids(scope["payers"]),
            grouping,
            group_key,
        )
        return self.env["hc.kpi.provider"]._get_drill_down(question)

    @api.model
    def _get_ids(self, records):
        return None if records is None else tuple(records.ids)

    @api.model
    def _read_filters(self, filters):
        """The filters of the page as day and records; what they name must be readable."""
        filters = filters or {}
        try:
            wanted = filters.get("as_of")
            as_of = date.fromisoformat(wanted) if wanted else fields.Date.context_today(self)
            if as_of < _FIRST_DAY:
                raise ValueError(wanted)
            scope = {"as_of": min(as_of, fields.Date.context_today(self))}
            scope["topic"] = filters.get("topic") or None
            if scope["topic"] and type(scope["topic"]) is not str:
                raise TypeError
            for name, model in (("facilities", "hc.facility"), ("payers", "hc.payer")):
                record_id = filters.get("facility_id" if name == "facilities" else "payer_id")
                if record_id and type(record_id) is not int:
                    raise TypeError
                scope[name] = self.env[model].browse(record_id) if record_id else None
        except (AttributeError, TypeError, ValueError):
            raise UserError(
                self.env._("Filters are a day (YYYY-MM-DD), a facility and a payer by number.")
            ) from None
        for name in ("facilities", "payers"):
            if scope[name] is not None:
                scope[name].check_access("read")
        return scope

    @api.model
    def _make_card(self, definition, results, target):
        values = [result.figure.value for result in results]
        value, before = values[-1], values[-2]
        roles = dict(self._get_role_names())
        return {
            "code": definition.code,
            "name": definition.name,
            "formula": definition.formula,
            "source": definition.source,
            "owner": roles.get(definition.owner_role, definition.owner_role),
            "unit": definition.unit,
            "direction": definition.direction,
            "groupings": list(definition.groupings),
            "value": _number(value),
            "count": results[-1].figure.count,
            "target": _number(target),
            "meets": definition.meets(value, target),
            "change": None if value is None or before is None else _number(value - before),
            "improved": definition.improved(before, value),
            "trend": [_number(point) for point in values],
        }

    @api.model
    def _get_role_names(self):
        groups = self.env["res.groups"].sudo()
        for name in ("supervisor", "manager", "finance_manager"):
            xml_id = f"hc_revenue_base.group_hc_{name}"
            yield name, groups.env.ref(xml_id).name
