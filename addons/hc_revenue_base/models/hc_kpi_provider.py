# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ..hc_core import kpi

_GROUP_MODELS = {"facility": "hc.facility", "payer": "hc.payer", "department": "hc.department"}


@dataclass(frozen=True)
class KpiScope:
    """What a computation covers: days, a company, and optionally facilities and payers."""

    days: tuple
    company: models.Model
    facility_ids: tuple | None = None
    payer_ids: tuple | None = None


class HcKpiProvider(models.AbstractModel):
    """The indicators of all installed modules, and their one way to a number.

    A module adds definitions by ``_get_definitions() + [KpiDefinition(…)]`` and, for each, a
    method that returns a SELECT with the columns ``as_of, res_id, numerator, denominator,
    facility_id, payer_id, department_id, responsibility``: one row or more per record and day.
    It joins the common table ``moments(as_of, facility_id, until_at)``, which lists the days, the
    facilities that the reader may see and the last second that counts; so one query answers for
    all days of a trend. Record rules of the reader are applied around it.
    """

    _name = "hc.kpi.provider"
    _description = "Key Performance Indicators"

    @api.model
    def _get_definitions(self):
        """The definitions; a module extends the list.

        :return: list of :class:`~..hc_core.kpi.KpiDefinition`
        """
        return []

    @api.model
    def _get_registry(self):
        """Definitions by code."""
        return kpi.registry(self._get_definitions())

    @api.model
    def _get_definition(self, code):
        registry = self._get_registry()
        if not isinstance(code, str) or code not in registry:
            self._raise_readable(kpi.KpiError("kpi_unknown", kpi=code, choices=list(registry)))
        return registry[code]

    @api.model
    def _raise_readable(self, error):
        raise UserError(error.message) from error

    @api.model
    def _compute_kpi(
        self, code, as_of, *, company=None, facilities=None, payers=None, group_by=None
    ):
        """One indicator at the end of a day (of today: now), as far as the reader may see.

        :param str code: code of a definition
        :param date as_of: any day up to today
        :param company: one company, because amounts have its currency; by default the current one
        :param facilities: only these facilities; by default all that the reader may see
        :param payers: only these payers
        :param str group_by: one of the definition's groupings
        :return: :class:`~..hc_core.kpi.KpiResult`
        :raise UserError: no such indicator or grouping
        """
        scope = self._make_scope((as_of,), company, facilities, payers)
        return self._compute_scope(code, scope, group_by)[as_of]

    @api.model
    def _compute_series(self, code, days, *, company=None, facilities=None, payers=None):
        """One indicator at the end of each of several days, in as many queries as for one.

        :return: list of :class:`~..hc_core.kpi.KpiResult` in the order of the days
        """
        scope = self._make_scope(tuple(days), company, facilities, payers)
        results = self._compute_scope(code, scope, None)
        return [results[day] for day in days]

    @api.model
    def _compute_all_series(self, days, *, company=None, facilities=None, payers=None, topic=None):
        """Every indicator at the end of each of several days; what two share is read once.

        Indicators of records that the reader's role has nothing to do with are left out.

        :param str topic: only the indicators of this topic
        :return: ``{code: list of KpiResult in the order of the days}``
        """
        scope = self._make_scope(tuple(days), company, facilities, payers)
        read = {}
        return {
            code: [results[day] for day in days]
            for code, definition in self._get_registry().items()
            if (not topic or definition.topic == topic) and self._is_readable(definition)
            for results in (self._compute_scope(code, scope, None, read),)
        }

    @api.model
    def _is_readable(self, definition):
        names = filter(None, (definition.model, definition.base_model))
        return all(self.env[name].has_access("read") for name in names)

    @api.model
    def _make_scope(self, days, company, facilities, payers):
        return KpiScope(
            days,
            company or self.env.company,
            None if facilities is None else tuple(facilities.ids),
            None if payers is None else tuple(payers.ids),
        )

    @api.model
    def _compute_scope(self, code, scope, group_by, read=None):
        definition = self._get_definition(code)
        try:
            definition.check_grouping(group_by)
        except kpi.KpiError as error:
            self._raise_readable(error)
        totals = self._sum_rows(definition, scope, None, read)
        groups = self._sum_rows(definition, scope, group_by) if group_by else {}
        labels = self._get_group_labels(group_by, {key for _day, key in groups})
        return {
            day: kpi.KpiResult(
                code,
                day,
                totals.get((day, None)) or definition.figure(Decimal(0), None, 0),
                self._make_groups(groups, labels, day),
            )
            for day in scope.days
        }

    @api.model
    def _make_groups(self, figures, labels, day):
        """The groups of a day, most records first."""
        found = [
            kpi.KpiGroup(key, labels[key], figure)
            for (group_day, key), figure in figures.items()
            if group_day == day
        ]
        return tuple(sorted(found, key=lambda group: (-group.figure.count, group.label)))

    @api.model
    def _sum_rows(self, definition, scope, group_by, read=None):
        """``{(day, group key): figure}``; without grouping the key is None.

        :param dict read: sums of the scope that were read already, by method
        """
        read = {} if read is None else read
        own = self._read_sums(definition.rows_method, definition.model, scope, group_by, read)
        base = {}
        shared = bool(group_by) and group_by not in definition.base_groupings
        if definition.base_method:
            base = self._read_sums(
                definition.base_method,
                definition.base_model,
                scope,
                None if shared else group_by,
                read,
            )
        figures = {}
        # A day without any record behind it still has a value where there is something to divide by
        for day, key in own.keys() | (set() if shared or group_by else base.keys()):
            numerator, denominator, count = own.get((day, key), (Decimal(0), None, 0))
            if definition.base_method:
                denominator = base.get((day, None if shared else key), (None,))[0]
            figures[day, key] = definition.figure(numerator, denominator, count)
        return figures

    @api.model
    def _read_sums(self, rows_method, model_name, scope, group_by, read):
        key = (rows_method, group_by)
        if key not in read:
            read[key] = self._select_sums(rows_method, model_name, scope, group_by)
        return read[key]

    @api.model
    def _get_group_labels(self, group_by, keys):
        """Name of each group as the reader may see it."""
        nothing = self.env._("None")
        if group_by == "responsibility":
            return {None: nothing} | dict(
                self.env["hc.balance"]._fields["responsibility"]._description_selection(self.env)
            )
        if not group_by:
            return {}
        records = self.env[_GROUP_MODELS[group_by]].browse(sorted(key for key in keys if key))
        names = {record.id: record.display_name for record in records._filtered_access("read")}
        return {key: names.get(key, nothing) for key in keys}
