# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, float_repr, html2plaintext

from ..hc_dunning_core.guardrails import acts
from ..hc_dunning_core.guardrails.facts import (
    ChannelDay,
    Contact,
    DebtFacts,
    Reply,
)
from ..hc_dunning_core.guardrails.zones import possible_zones
from .hc_guardrail_rule import NONPROFIT_HOSPITAL

# What the law calls a way of contact, by our channel.
ACT_OF_CHANNEL = {
    "letter": acts.LETTER,
    "email": acts.EMAIL,
    "sms": acts.TEXT,
    "portal": acts.PORTAL,
    "call": acts.CALL,
}
_STATEMENTS = ("statement", "reminder", "final_notice", "pre_collection")
# Calls that reached nobody who could be meant count none the less, wrong numbers excepted.
_UNCOUNTED = ("wrong_number",)
_CALL_DAYS = 40


class HcGuardrailFacts(models.AbstractModel):
    """What the guardrails must know of guarantors' accounts, loaded for many at once."""

    _name = "hc.guardrail.facts"
    _description = "Facts of the Guardrails"

    @api.model
    def _load(self, accounts, *, agency=None, case_ids=None):
        """``{account id: DebtFacts}`` as of now.

        :param agency: who is to act for the office, where it is not the office itself
        :param case_ids: ids of the cases that the act is about; empty: all that are open
        """
        accounts = accounts.sudo()
        self.env.flush_all()
        has_agreement = bool(agency) and agency.sudo()._has_agreement(
            fields.Date.context_today(self)
        )
        cases = self._read_cases(accounts, case_ids)
        contacts = self._read_contacts(accounts)
        days = self._read_channel_days(accounts)
        replies = self._read_replies(accounts)
        holds = self._read_holds(accounts)
        casework = self._read_casework(accounts, case_ids)
        return {
            account.id: replace(
                self._make_facts(
                    account,
                    cases.get(account.id, {}),
                    contacts[account.id],
                    days[account.id],
                    replies[account.id],
                    holds[account.id],
                ),
                has_agency_agreement=has_agreement,
                **casework.get(account.id, {}),
            )
            for account in accounts
        }

    @api.model
    def _make_facts(self, account, case, contacts, days, replies, holds):
        patient = account.patient_id
        home = self._get_state_code(patient.state_id)
        states = {home, *case.get("states", ())} - {None}
        notices = contacts["statements"]
        return DebtFacts(
            facility_kind=case.get("facility_kind", ""),
            payer_programs=case.get("payer_programs"),
            states=frozenset(states) or None,
            zones=possible_zones(frozenset({home} - {None}), patient.timezone or ""),
            balance=Decimal(float_repr(account.amount_open, account.currency_id.decimal_places)),
            is_paid=not account.amount_open,
            first_statement_on=case.get("first_statement_on"),
            last_statement_on=max((day for day, _purpose in notices), default=None),
            statements_sent=sum(purpose in _STATEMENTS[:2] for _day, purpose in notices),
            contacts=tuple(contacts["calls"]),
            opted_out=frozenset(ACT_OF_CHANNEL[channel] for channel in days["opted_out"]),
            cease_on=holds.get("cease"),
            consents=tuple(days["granted"]),
            revocations=tuple(days["revoked"]),
            replies=tuple(replies),
        )

    @api.model
    def _get_state_code(self, state):
        return f"{state.country_id.code}-{state.code}" if state else None

    @api.model
    def _read_cases(self, accounts, case_ids=None):
        """Facilities, programs and first statements of the cases that are open on the accounts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.hc_collection_account_id, facility.id,
                       facility.is_nonprofit_hospital, max(hc_case.first_statement_on),
                       bool_or(hc_case.first_statement_on IS NULL),
                       array_remove(array_agg(DISTINCT payer.payer_type), NULL)
                  FROM account_move_line line
                  JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
                  JOIN hc_facility facility ON facility.id = hc_case.facility_id
             LEFT JOIN hc_payer payer ON payer.id = hc_case.payer_id
                 WHERE line.hc_collection_account_id = ANY(%s) AND line.parent_state = 'posted'
                   AND NOT line.reconciled AND (%s IS NULL OR hc_case.id = ANY(%s))
              GROUP BY 1, 2, 3
                """,
                accounts.ids,
                *[list(case_ids) if case_ids else None] * 2,
            )
        )
        facilities = self.env["hc.facility"].sudo().browse({row[1] for row in rows})
        codes = {each.id: self._get_state_code(each.state_id) for each in facilities}
        found = {}
        unbilled = {row[0] for row in rows if row[4]}
        for account_id, facility_id, is_nonprofit, first_on, _has_unbilled, programs in rows:
            case = found.setdefault(
                account_id,
                {"states": set(), "facility_kind": "other", "payer_programs": frozenset()},
            )
            case["payer_programs"] |= frozenset(programs)
            case["states"].add(codes[facility_id])
            if is_nonprofit:
                case["facility_kind"] = NONPROFIT_HOSPITAL
            known = case.get("first_statement_on")
            # The youngest first statement: its periods end last. Where a case has none yet, they
            # have not begun.
            youngest = max(filter(None, (known, first_on)), default=None)
            case["first_statement_on"] = None if account_id in unbilled else youngest
        return found

    @api.model
    def _read_contacts(self, accounts):
        since = fields.Date.context_today(self) - timedelta(days=_CALL_DAYS)
        contacts = self.env["hc.contact"]._get_outgoing_query(
            SQL(
                "account_id = ANY(%s) AND state IN ('sent', 'delivered', 'done')"
                " AND (channel = 'call' AND happened_at > %s OR purpose = ANY(%s))",
                accounts.ids,
                since,
                list(_STATEMENTS),
            )
        )
        rows = self.env.execute_query(
            SQL("SELECT account_id, channel, purpose, outcome, day FROM (%s) said", contacts)
        )
        found = defaultdict(lambda: {"calls": [], "statements": []})
        for account_id, channel, purpose, outcome, day in rows:
            if channel == "call":
                found[account_id]["calls"].append(
                    Contact(
                        day,
                        acts.CALL,
                        is_conversation=outcome == "reached",
                        counts=outcome not in _UNCOUNTED,
                    )
                )
            elif purpose in _STATEMENTS:
                found[account_id]["statements"].append((day, purpose))
        return found

    @api.model
    def _read_channel_days(self, accounts):
        found = defaultdict(lambda: {"granted": [], "revoked": [], "opted_out": set()})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, channel, verdict,
                       (occurred_at AT TIME ZONE 'UTC' AT TIME ZONE %s)::date
                  FROM hc_contact_consent WHERE account_id = ANY(%s) ORDER BY id
                """,
                str(self.env.tz),
                accounts.ids,
            )
        )
        for account_id, channel, verdict, day in rows:
            known = found[account_id]
            known[verdict].append(ChannelDay(ACT_OF_CHANNEL[channel], day))
            known["opted_out"].discard(channel)
            if verdict == "revoked":
                known["opted_out"].add(channel)
        return found

    @api.model
    def _read_replies(self, accounts):
        """Answers that nobody has read yet."""
        items = (
            self.env["hc.work.item"]
            .sudo()
            .search([("kind", "=", "contact_reply"), ("state", "in", ("open", "in_progress"))])
        )
        contacts = self.env["hc.contact"].sudo().browse(items.mapped("res_id")).exists()
        found = defaultdict(list)
        for contact in contacts.filtered(lambda each: each.account_id in accounts):
            day = fields.Datetime.context_timestamp(self, contact.happened_at).date()
            text = html2plaintext(contact.body or contact.subject or "")[:2000]
            found[contact.account_id.id].append(Reply(ACT_OF_CHANNEL[contact.channel], day, text))
        return found

    @api.model
    def _read_holds(self, accounts):
        """``{account id: {kind: since}}`` of active holds."""
        found = defaultdict(dict)
        for hold in (
            self.env["hc.collection.hold"]
            .sudo()
            .search([("account_id", "in", accounts.ids), ("state", "=", "active")])
        ):
            found[hold.account_id.id][hold.kind] = hold.date_from
        return found
