# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, datetime, timezone

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..hc_core.operations import OperationError, cursor_text, read_cursor
from ..hc_core.schema import read_moment

PAGE_MAX = 500
_PAGE = 100
_BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
# A transaction that runs longer than this no longer holds back what others have changed.
_HOLD_BACK = SQL("interval '1 hour'")


class HcOperation(models.AbstractModel):
    """Resources: records in the order of their last change, page by page, none skipped."""

    _inherit = "hc.operation"

    @api.model
    def _read_page(self, name, since=None, cursor=None, limit=None):
        """One page of a resource.

        :param str since: only records changed at or after this moment; for the first page
        :param str cursor: ``next_cursor`` of the page before
        :return: dict with ``records``, ``next_cursor`` (also of the last page: what changes later
            comes behind it) and ``is_last``
        :raise OperationError: no such resource, no right, a cursor that was not given out
        """
        resource = {entry.name: entry for entry in self._get_resources()}.get(name)
        if resource is None:
            raise OperationError("not_found", what=f"resource {name}")
        self._check_groups(resource.groups, name)
        limit = min(limit or _PAGE, PAGE_MAX)
        place = read_cursor(cursor) if cursor else (self._read_moment(since), 0)
        rows = self._select_page(resource, place, limit + 1)
        page = rows[:limit]
        records = self.env[resource.model].browse([record_id for record_id, _moment in page])
        fields_ = self._get_served_fields(resource)
        return {
            "records": [
                {"id": record.id, "changed_at": changed_at.isoformat()}
                | {outside: self._serve(record, path) for outside, path in fields_.items()}
                for record, (_id, changed_at) in zip(records, page, strict=True)
            ],
            "next_cursor": cursor_text(page[-1][1], page[-1][0]) if page else cursor_text(*place),
            "is_last": len(rows) <= limit,
        }

    @api.model
    def _read_moment(self, since):
        moment = read_moment(since) if since else _BEGINNING
        return moment.astimezone(timezone.utc).replace(tzinfo=None) if moment.tzinfo else moment

    @api.model
    def _select_page(self, resource, place, limit):
        """``[(id, last change)]`` behind a place.

        Rows are stamped with the start of their transaction, which may end after others that
        began later. So nothing younger than the oldest running transaction is served yet: it
        would hide what that one is still going to commit.
        """
        records = self.env[resource.model].with_context(active_test=False)
        table = SQL.identifier(records._table)
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT id, write_date FROM %(table)s
                    WHERE id IN %(readable)s AND (write_date, id) > (%(moment)s, %(id)s)
                      AND write_date < (
                          SELECT COALESCE(min(xact_start), now()) AT TIME ZONE 'UTC'
                            FROM pg_stat_activity
                           WHERE datname = current_database()
                             AND xact_start > now() - %(hold_back)s)
                 ORDER BY write_date, id LIMIT %(limit)s""",
                table=table,
                readable=records._search(Domain.TRUE).subselect(),
                moment=place[0],
                id=place[1],
                hold_back=_HOLD_BACK,
                limit=limit,
            )
        )

    @api.model
    def _get_served_fields(self, resource):
        if resource.private_group and self.env.user.has_group(resource.private_group):
            return {**resource.fields, **resource.private_fields}
        return resource.fields

    @api.model
    def _serve(self, record, path):
        """The value at a path as plain JSON: money as text, moments in UTC."""
        *links, name = path.split(".")
        for link in links:
            record = record[link]
        field, value = record._fields[name], record[name]
        if field.type == "monetary":
            return self._serve_money(value, record[field.get_currency_field(record)])
        if field.type in ("integer", "float", "boolean"):
            return value
        if isinstance(value, date):
            return value.isoformat()
        return value or None

    @api.model
    def _serve_money(self, amount, currency):
        return f"{amount:.{currency.decimal_places}f}"
