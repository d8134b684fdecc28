# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.holds import AMOUNT, CALLS, CONTACT, HOLD_KINDS


def _get_kinds(scope):
    return [code for code, kind in HOLD_KINDS.items() if scope in kind.stops]


class HcCadenceFacts(models.AbstractModel):
    """What holds stop, set-based: all, calls, an amount, or some cases of an account.

    As the pure ``work_out_held``: never more is held than is open, and a case that two holds
    name is held once.
    """

    _inherit = "hc.cadence.facts"

    @api.model
    def _get_holds_query(self, company, as_of, chosen):
        """Holds that stop something on a day or later; ``free_on`` is the first day after.

        ``case_ids`` are the cases that a hold keeps to, in order; NULL: the whole account.

        :param SQL chosen: condition on ``account_id``
        """
        return SQL(
            """
            SELECT hold.account_id, hold.kind, hold.amount, hold.date_from, hold.date_to,
                   hold.released_on, %(cases)s AS case_ids,
                   CASE WHEN hold.date_to IS NULL AND hold.released_on IS NULL THEN NULL
                        ELSE greatest(least(hold.date_to + 1, hold.released_on), hold.date_from)
                        END AS free_on
              FROM hc_collection_hold hold
             WHERE hold.company_id = %(company)s AND %(chosen)s
               AND coalesce(least(hold.date_to + 1, hold.released_on), 'infinity') > %(as_of)s
            """,
            cases=self._get_hold_cases(),
            company=company.id,
            chosen=chosen,
            as_of=as_of,
        )

    @api.model
    def _get_hold_cases(self):
        """The cases of a hold, an SQL array or NULL."""
        return SQL("string_to_array(hold.case_key, ',')::int[]")

    @api.model
    def _get_hold_parts(self, company, as_of, chosen):
        """The parts of a WITH clause that say what is held, over ``item``.

        ``held``: per account what stands still as a whole; ``part``: per account what is held of
        its cases; ``stopped``: the cases that nobody is reminded of.
        """
        return SQL(
            """
            hold AS (
                SELECT * FROM (%(holds)s) each
                 WHERE date_from <= %(as_of)s AND (free_on IS NULL OR free_on > %(as_of)s)),
            held AS (
                SELECT account_id, bool_or(kind = ANY(%(contact)s)) AS is_held,
                       bool_or(kind = ANY(%(calls)s)) AS calls_held,
                       sum(amount) FILTER (WHERE kind = ANY(%(amount)s)) AS amount
                  FROM hold WHERE case_ids IS NULL GROUP BY account_id),            case_open AS (
                SELECT account_id, case_id, greatest(sum(amount_open), 0) AS amount
                  FROM item WHERE case_id IS NOT NULL GROUP BY account_id, case_id),
            still AS (
                SELECT DISTINCT account_id, unnest(case_ids) AS case_id
                  FROM hold WHERE kind = ANY(%(contact)s)),
            disputed AS (
                SELECT each.account_id, each.case_ids, each.amount, coalesce(sum(
                       case_open.amount) FILTER (WHERE still.case_id IS NULL), 0) AS left_open
                  FROM (SELECT account_id, case_ids, sum(amount) AS amount FROM hold
                         WHERE case_ids IS NOT NULL AND kind = ANY(%(amount)s)
                      GROUP BY account_id, case_ids) each
             LEFT JOIN case_open ON case_open.account_id = each.account_id
                   AND case_open.case_id = ANY(each.case_ids)
             LEFT JOIN still ON still.account_id = each.account_id
                   AND still.case_id = case_open.case_id
              GROUP BY each.account_id, each.case_ids, each.amount),
            stopped AS (
                SELECT account_id, case_id FROM still UNION
                SELECT account_id, unnest(case_ids) FROM disputed WHERE amount >= left_open),
            part AS (
                SELECT account_id, sum(amount) AS amount
                  FROM (SELECT account_id, least(amount, left_open) AS amount FROM disputed
                     UNION ALL
                        SELECT account_id, case_open.amount
                          FROM still JOIN case_open USING (account_id, case_id)) each
              GROUP BY account_id)
            """,
            holds=self._get_holds_query(company, as_of, chosen),
            as_of=as_of,
            contact=_get_kinds(CONTACT),
            calls=_get_kinds(CALLS),
            amount=_get_kinds(AMOUNT),
        )
