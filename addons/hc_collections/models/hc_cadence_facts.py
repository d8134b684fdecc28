# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.cadence_policy import CHANNELS

# No spacing of a policy is longer than a year.
_CONTACT_DAYS = 366


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

        :param accounts: only these, records or a query of their ids; None: all of the company
            and party
        """
        return SQL(
            "WITH %s %s",
            self._get_sources(company, party, as_of, accounts),
            self._get_facts_body(party),
        )

    @api.model
    def _get_sources(self, company, party, as_of, accounts):
        """Items, holds, contacts and preferences, as the parts of a WITH clause."""
        chosen = self._get_choice(accounts)
        return SQL(
            """
            item AS MATERIALIZED (%(items)s),
            %(holds)s,
            contact AS (%(contacts)s),
            consent AS (%(consents)s)
            """,
            items=self._get_items_query(company, party, as_of, accounts),
            holds=self._get_hold_parts(company, as_of, chosen),
            contacts=self._get_contacts_query(company, as_of, chosen),
            consents=self.env["hc.contact.consent"]._get_latest_query(company, chosen),
        )

    @api.model
    def _get_choice(self, accounts):
        """A condition on ``account_id`` that keeps to some accounts."""
        if accounts is None:
            return SQL("TRUE")
        if isinstance(accounts, models.BaseModel):
            return SQL("account_id = ANY(%s)", accounts.ids)
        return SQL("account_id IN %s", accounts.subselect())

    @api.model
    def _get_facts_body(self, party):
        """One row per account, over the parts of :meth:`_get_sources`."""
        return SQL(
            """
            SELECT account.id AS account_id, account.currency_id, currency.name AS currency,
                   balance.open_amount, account.last_level_on,
                   account.lawful_from_on AS lawful_on,
                   coalesce(held.is_held, FALSE) AS is_held,
                   coalesce(held.calls_held, FALSE) AS calls_held,
                   least(coalesce(held.amount, 0) + coalesce(part.amount, 0),
                         greatest(balance.open_amount, 0)) AS held_amount,
                   coalesce(contact.is_waiting, FALSE) AS is_waiting,
                   %(contact_days)s,
                   coalesce(consent.opted_in, '{}') AS opted_in,
                   coalesce(consent.opted_out, '{}') AS opted_out,
                   %(reachable)s AS reachable
              FROM (SELECT account_id, sum(amount_open) AS open_amount
                      FROM item GROUP BY account_id) balance
              JOIN hc_collection_account account ON account.id = balance.account_id
              JOIN res_currency currency ON currency.id = account.currency_id
              JOIN res_partner partner ON partner.id = account.partner_id
         LEFT JOIN hc_patient patient ON patient.id = account.patient_id
         LEFT JOIN held ON held.account_id = account.id
         LEFT JOIN part ON part.account_id = account.id
         LEFT JOIN contact ON contact.account_id = account.id
         LEFT JOIN consent ON consent.account_id = account.id
            """,
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
        if isinstance(accounts, models.BaseModel):
            # The partners lead to the items by their index.
            condition = SQL(
                "%s AND line.partner_id = ANY(%s)", condition, accounts.sudo().partner_id.ids
            )
        elif accounts is not None:
            condition = SQL("%s AND hc_account.id IN %s", condition, accounts.subselect())
        return self.env["hc.aging.item"]._get_query(as_of, condition)

    @api.model
    def _get_contacts_query(self, company, as_of, chosen):
        """The day of the last contact per channel, in the office's calendar, within a year.

        No spacing is longer than that. A level that is still queued has not left the house.
        """
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
            SELECT account_id, %(days)s,
                   bool_or(state = 'queued' AND level_id IS NOT NULL) AS is_waiting
              FROM (%(contacts)s) each GROUP BY account_id
            """,
            days=days,
            contacts=self.env["hc.contact"]._get_outgoing_query(
                SQL(
                    "company_id = %s AND %s AND (happened_at >= %s OR state = 'queued')",
                    company.id,
                    chosen,
                    as_of - timedelta(days=_CONTACT_DAYS),
                )
            ),
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
