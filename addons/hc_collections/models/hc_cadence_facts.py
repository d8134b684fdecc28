# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.cadence_policy import CHANNELS
from ..hc_dunning_core.holds import AMOUNT, CALLS, CONTACT, HOLD_KINDS


def _get_kinds(scope):
    return [code for code, kind in HOLD_KINDS.items() if scope in kind.stops]


class HcCadenceFacts(models.AbstractModel):
    """What the cadence must know of accounts, read at once.

    One row per account of a company and party that has an open item: the columns are those of
    the pure ``AccountFacts``. Balances are those of the aging.
    """

    _name = "hc.cadence.facts"
    _description = "Facts of the Cadence"

    @api.model
    def _get_facts_query(self, company, party, as_of, accounts=None):
        """The facts of a day.

        :param accounts: only these; empty: all of the company and party
        """
        return SQL(
            """
              WITH item AS MATERIALIZED (%(items)s),
                   balance AS (
                SELECT account_id, sum(amount_open) AS open_amount,
                       min(date_basis) FILTER (WHERE amount_open > 0) AS basis_on,
                       min(date_responsibility) FILTER (WHERE amount_open > 0) AS begun_on
                  FROM item GROUP BY account_id),
                   held AS (%(held)s),
                   contact AS (%(contacts)s),
                   consent AS (%(consents)s)
            SELECT account.id AS account_id, account.cadence_cycle AS cycle,
                   account.currency_id, currency.name AS currency,
                   balance.open_amount, balance.basis_on,
                   last.code AS last_level, account.last_level_on,
                   CASE WHEN balance.begun_on > account.last_level_on
                        THEN balance.begun_on END AS renewed_on,
                   coalesce(held.is_held, FALSE) AS is_held,
                   coalesce(held.calls_held, FALSE) AS calls_held,
                   coalesce(held.held_amount, 0) AS held_amount,
                   coalesce(held.account_id IS NOT NULL, FALSE) AS has_holds,
                   %(contact_days)s,
                   coalesce(consent.opted_in, '{}') AS opted_in,
                   coalesce(consent.opted_out, '{}') AS opted_out,
                   %(reachable)s AS reachable
              FROM balance
              JOIN hc_collection_account account ON account.id = balance.account_id
              JOIN res_currency currency ON currency.id = account.currency_id
              JOIN res_partner partner ON partner.id = account.partner_id
         LEFT JOIN hc_patient patient ON patient.id = account.patient_id
         LEFT JOIN hc_cadence_level last ON last.id = account.cadence_level_id
         LEFT JOIN held ON held.account_id = account.id
         LEFT JOIN contact ON contact.account_id = account.id
         LEFT JOIN consent ON consent.account_id = account.id
            """,
            items=self._get_items_query(company, party, as_of, accounts),
            held=self._get_held_query(company, as_of),
            contacts=self._get_contacts_query(company),
            consents=self.env["hc.contact.consent"]._get_latest_query(company),
            contact_days=SQL(", ").join(
                SQL("contact.%s", SQL.identifier(f"{channel}_on")) for channel in CHANNELS
            ),
            reachable=self._get_reachable(party),
        )

    @api.model
    def _get_items_query(self, company, party, as_of, accounts):
        condition = SQL(
            "line.company_id = %s AND hc_account.company_id = %s AND hc_account.party = %s",
            company.id,
            company.id,
            party,
        )
        if accounts:
            # The partners lead to the items by their index.
            condition = SQL(
                "%s AND line.partner_id = ANY(%s)", condition, accounts.sudo().partner_id.ids
            )
        return self.env["hc.aging.item"]._get_query(as_of, condition)

    @api.model
    def _get_holds_query(self, company, as_of):
        """Holds that stop something on a day or later; ``free_on`` is the first day after."""
        return SQL(
            """
            SELECT hold.id, hold.account_id, hold.kind, hold.case_key, hold.amount,
                   hold.date_from, hold.date_to, hold.released_on,
                   CASE WHEN hold.date_to IS NULL AND hold.released_on IS NULL THEN NULL
                        ELSE greatest(least(hold.date_to + 1, hold.released_on), hold.date_from)
                        END AS free_on
              FROM hc_collection_hold hold
             WHERE hold.company_id = %s
               AND coalesce(least(hold.date_to + 1, hold.released_on), 'infinity') > %s
            """,
            company.id,
            as_of,
        )

    @api.model
    def _get_held_query(self, company, as_of):
        """What holds stop: all, calls, or an amount; of some cases, what is open of them."""
        in_force = SQL(
            "hold.date_from <= %(as_of)s AND (hold.free_on IS NULL OR hold.free_on > %(as_of)s)",
            as_of=as_of,
        )
        return SQL(
            """
            SELECT hold.account_id,
                   bool_or(%(in_force)s AND hold.case_key IS NULL
                           AND hold.kind = ANY(%(contact)s)) AS is_held,
                   bool_or(%(in_force)s AND hold.case_key IS NULL
                           AND hold.kind = ANY(%(calls)s)) AS calls_held,
                   sum(CASE WHEN hold.kind = ANY(%(amount)s) THEN hold.amount
                            WHEN hold.case_key IS NOT NULL AND hold.kind = ANY(%(contact)s)
                            THEN case_open.amount END)
                       FILTER (WHERE %(in_force)s) AS held_amount
              FROM (%(holds)s) hold
         LEFT JOIN (%(case_open)s) case_open ON case_open.hold_id = hold.id
          GROUP BY hold.account_id
            """,
            in_force=in_force,
            contact=_get_kinds(CONTACT),
            calls=_get_kinds(CALLS),
            amount=_get_kinds(AMOUNT),
            holds=self._get_holds_query(company, as_of),
            case_open=self._get_held_cases_query(SQL("item")),
        )

    @api.model
    def _get_held_cases_query(self, items):
        """What is open of the cases that each hold names."""
        return SQL(
            """
            SELECT named.hold_id, sum(item.amount_open) AS amount
              FROM hc_collection_hold_case_rel named
              JOIN hc_collection_hold hold ON hold.id = named.hold_id
              JOIN %s item
                ON item.case_id = named.case_id AND item.account_id = hold.account_id
          GROUP BY named.hold_id
            """,
            items,
        )

    @api.model
    def _get_contacts_query(self, company):
        """The day of the last contact per channel, in the office's calendar."""
        days = SQL(", ").join(
            SQL(
                "max(day) FILTER (WHERE channel = %s) AS %s",
                channel,
                SQL.identifier(f"{channel}_on"),
            )
            for channel in CHANNELS
        )
        return SQL(
            """
            SELECT account_id, %(days)s
              FROM (SELECT account_id, channel,
                           (happened_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
                      FROM hc_contact
                     WHERE company_id = %(company)s AND direction = 'out'
                       AND state NOT IN ('cancelled', 'failed')) each
          GROUP BY account_id
            """,
            days=days,
            zone=str(self.env.tz),
            company=company.id,
        )

    @api.model
    def _get_reachable(self, party):
        conditions = self.env["hc.collection.account"]._get_reach_conditions(party)
        return SQL(
            "array_remove(ARRAY[%s], NULL)",
            SQL(", ").join(
                SQL("CASE WHEN %s THEN %s END", condition, channel)
                for channel, condition in conditions.items()
            ),
        )

    @api.model
    def _get_workdays(self, company):
        """The office's calendar: weekdays with working hours, less its holidays."""
        return self.env["resource.calendar"]._hc_get_workdays(company)
