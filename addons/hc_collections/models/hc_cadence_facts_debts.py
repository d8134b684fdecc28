# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL


class HcCadenceFacts(models.AbstractModel):
    """How far each debt has come, and which one drives its account; as the pure package has it."""

    _inherit = "hc.cadence.facts"

    @api.model
    def _get_debts_body(self, policy):
        """Open items over the parts of :meth:`_get_sources`, with the place of their next level.

        A level that this version of the policy does not have counts as one of those that told of
        the debt; one that told of it where it stood earlier is not repeated.
        """
        return SQL(
            """
            SELECT item.account_id, item.item_id, item.case_id, item.amount_open,
                   item.date_basis, told.level AS last_level, told.told_on,
                   coalesce(told.levels, 0) AS levels_told,
                   told.codes AS told_levels,
                   CASE WHEN told.item_id IS NULL THEN 1 ELSE coalesce(
                        (SELECT min(level.place)
                           FROM unnest(ladder.codes) WITH ORDINALITY level(code, place)
                          WHERE level.code <> ALL(told.codes)
                            AND level.place > coalesce(
                                array_position(ladder.codes, told.level), told.levels)),
                        %(last_place)s + 1) END AS place,
                   stopped.case_id IS NOT NULL AS is_stopped
              FROM item
        CROSS JOIN (SELECT array_agg(code ORDER BY place) AS codes
                      FROM (%(levels)s) level) ladder
         LEFT JOIN (SELECT item_id, count(*) AS levels, max(told_on) AS told_on,
                           array_agg(level.code) AS codes,
                           (array_agg(level.code ORDER BY told.id DESC))[1] AS level
                      FROM hc_cadence_told told
                      JOIN hc_cadence_level level ON level.id = told.level_id
                     WHERE item_id IN (SELECT item_id FROM item)
                  GROUP BY item_id) told ON told.item_id = item.item_id
         LEFT JOIN stopped ON stopped.account_id = item.account_id
               AND stopped.case_id = item.case_id
             WHERE item.amount_open > 0
            """,
            levels=self._get_levels_query(policy),
            last_place=len(policy.level_ids),
        )

    @api.model
    def _get_steps_query(self, policy, company, as_of, accounts):
        """Facts of each account with the debt that drives it and the place of its next level."""
        return SQL(
            """
            WITH %(sources)s,
                 facts AS (%(facts)s),
                 driving AS (
                SELECT DISTINCT ON (account_id) account_id, item_id AS debt_item_id,
                       date_basis AS basis_on, told_on, place
                  FROM (%(debts)s) debt
              ORDER BY account_id, is_stopped, place > %(last_place)s, date_basis, item_id)
            SELECT facts.*, driving.debt_item_id, driving.basis_on, driving.told_on,
                   driving.place
              FROM facts LEFT JOIN driving ON driving.account_id = facts.account_id
            """,
            sources=self._get_sources(company, policy.party, as_of, accounts),
            facts=self._get_facts_body(policy.party),
            debts=self._get_debts_body(policy),
            last_place=len(policy.level_ids),
        )

    @api.model
    def _get_levels_query(self, policy):
        return SQL(
            "SELECT *, row_number() OVER (ORDER BY sequence, id) AS place"
            " FROM hc_cadence_level WHERE policy_id = %s",
            policy.id,
        )
