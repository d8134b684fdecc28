# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..hc_dunning_core.cadence import AccountFacts, decide
from ..hc_dunning_core.cadence_debts import CaseHold, Debt
from ..hc_dunning_core.cadence_policy import CHANNELS, CONSENT_RULES, DELAY_STARTS
from ..hc_dunning_core.holds import AMOUNT, HOLD_KINDS, Hold
from .cadence_common import CadenceCase

_ACCOUNTS = 120
_POLICIES = 6


@tagged("post_install", "-at_install")
class TestCadenceOracle(CadenceCase):
    """The one statement decides as the pure function does, account by account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = random.Random(20260302)
        cls.old_policy = cls._publish_random_policy("old")
        patients = cls.env["hc.patient"].create(
            [cls._prepare_patient(number) for number in range(_ACCOUNTS)]
        )
        cls.cases = cls._create_cases()
        debts = [(patient, cls._draw_debts()) for patient in patients]
        accounts = cls._owe(debts)
        cls.facts = {}
        for account, (_patient, owed) in zip(accounts, debts, strict=True):
            cls.facts[account.id] = cls._dress(account, owed)
        cls.env.flush_all()

    @classmethod
    def _create_cases(cls):
        """Visits that balances may stem from; whose they are does not matter here."""
        cases = cls.env["hc.billing.case"]
        for number in range(3):
            patient = cls._create_patient(f"OR-CASE-{number}")
            encounter = cls._create_encounter(
                f"OR-{number}", patient=patient, coverage=cls._create_coverage(patient)
            )
            encounter.action_complete()
            encounter.action_approve_coding()
            cases |= encounter._get_or_create_cases()
        return cases

    @classmethod
    def _prepare_patient(cls, number):
        draw = cls.random
        return {
            "mrn": f"OR{number}",
            "last_name": "Oracle",
            "first_name": str(number),
            "street": draw.choice(("1 Elm Street", "1 Elm Street", False)),
            "city": "Springfield",
            "zip": "62701",
            "email": draw.choice(("one@example.com", False)),
            "phone": draw.choice(("2175550123", False)),
        }

    @classmethod
    def _draw_debts(cls):
        draw = cls.random
        debts = [(draw.randint(1, 20000) / 100, draw.randint(0, 160))]
        if draw.random() < 0.3:
            debts.append((draw.randint(-20000, 20000) / 100, draw.randint(0, 160)))
        return debts

    @classmethod
    def _dress(cls, account, owed):
        """Give an account a past and holds; return what the pure package must know of it."""
        draw = cls.random
        patient = account.patient_id
        items = cls.env["hc.aging.item"].search([("account_id", "=", account.id)], order="id")
        cases = cls._assign_cases(items)
        debts = [
            cls._tell_past(account, item, cases[item]) for item in items if item.amount_open > 0
        ]
        last_on = max((debt.told_on for debt in debts if debt.told_on), default=None)
        lawful_on = draw.choice((None,) * 6 + (cls.today + timedelta(days=draw.randint(-3, 9)),))
        account._write_guarded({"last_level_on": last_on, "lawful_from_on": lawful_on})
        contacts = {}
        for _count in range(draw.randint(0, 2)):
            channel, days = draw.choice(CHANNELS), draw.randint(0, 60)
            if channel not in contacts:
                contacts[channel] = cls._days_ago(days)
                cls._record_past(account, channel, contacts[channel])
        opted_in, opted_out = cls._draw_consents(account)
        reachable = {
            "letter": patient.street,
            "email": patient.email,
            "sms": patient.phone,
            "call": patient.phone,
        }
        holds = [cls._draw_hold(account, cases) for _count in range(draw.choice((0, 0, 1, 2)))]
        open_of = {}
        for item, case in cases.items():
            if case:
                open_of[case.id] = open_of.get(case.id, 0) + Decimal(str(item.amount_open))
        return AccountFacts(
            sum(Decimal(str(amount)) for amount, _days in owed),
            account.currency_id.name,
            tuple(debts),
            tuple(open_of.items()),
            last_on,
            False,
            lawful_on,
            tuple(hold for hold, case in holds if not case),
            tuple(CaseHold(hold, frozenset({case.id})) for hold, case in holds if case),
            tuple(contacts.items()),
            frozenset(channel for channel, address in reachable.items() if address),
            frozenset(opted_in),
            frozenset(opted_out),
        )

    @classmethod
    def _assign_cases(cls, items):
        """``{item: case}``: some balances are those of a visit."""
        cases = {}
        for item in items:
            case = (
                cls.cases[cls.random.randrange(3)] if cls.random.random() < 0.6 else cls.cases[:0]
            )
            cases[item] = case
            cls.env.cr.execute(
                "UPDATE account_move_line SET hc_case_id = %s WHERE id = %s",
                [case.id or None, item.id],
            )
        return cases

    @classmethod
    def _tell_past(cls, account, item, case):
        """Let some levels of an earlier version have told of an item."""
        draw = cls.random
        # In any order: the version of that day may have had them in another one.
        number = draw.choice((0, 0, 1, 2, 4))
        levels = cls.env["hc.cadence.level"].concat(
            *draw.sample(list(cls.old_policy._get_levels()), number)
        )
        days = sorted((draw.randint(0, 100) for _level in levels), reverse=True)
        for level, day in zip(levels, days, strict=True):
            contact = cls.contacts._create_guarded(
                [
                    {
                        "account_id": account.id,
                        "key": f"told:{item.id}:{level.code}",
                        "channel": "letter",
                        "purpose": "reminder",
                        "happened_at": datetime.combine(cls._days_ago(700), time(12)),
                    }
                ]
            )
            contact._transition("done")
            cls.env["hc.cadence.told"]._create_guarded(
                [
                    {
                        "contact_id": contact.id,
                        "account_id": account.id,
                        "company_id": account.company_id.id,
                        "item_id": item.id,
                        "level_id": level.id,
                        "told_on": cls._days_ago(day),
                    }
                ]
            )
        return Debt(
            item.id,
            Decimal(str(item.amount_open)),
            item.date_basis,
            case.id or None,
            levels[-1:].code or "",
            len(levels),
            cls._days_ago(days[-1]) if days else None,
            frozenset(levels.mapped("code")),
        )

    @classmethod
    def _record_past(cls, account, channel, day):
        contact = cls.contacts._record(
            [
                {
                    "account_id": account.id,
                    "key": f"past:{channel}",
                    "channel": channel,
                    "purpose": "other",
                    "happened_at": datetime.combine(day, time(12)),
                }
            ]
        )
        contact._transition("done")

    @classmethod
    def _draw_consents(cls, account):
        opted_in = cls.random.sample(CHANNELS, cls.random.randint(0, 3))
        opted_out = [
            channel for channel in CHANNELS if channel not in opted_in and cls.random.random() < 0.3
        ]
        account._record_consent(opted_in, "granted", "front_desk", "form")
        account._record_consent(opted_out, "revoked", "front_desk", "form")
        return opted_in, opted_out

    @classmethod
    def _draw_hold(cls, account, cases):
        draw = cls.random
        case = draw.choice((*cases.values(), cls.cases[:0]))
        kind = HOLD_KINDS[draw.choice(list(HOLD_KINDS))]
        first = cls.today + timedelta(days=draw.randint(-40, 30))
        has_end = kind.needs_end or draw.random() < 0.5
        last = first + timedelta(days=draw.randint(0, 60)) if has_end else None
        released = cls.today + timedelta(days=draw.randint(-30, 0)) if draw.random() < 0.2 else None
        amount = Decimal(draw.randint(1, 15000)) / 100 if AMOUNT in kind.stops else None
        hold = cls.env["hc.collection.hold"]._create_guarded(
            [
                {
                    "account_id": account.id,
                    "kind": kind.code,
                    "reason": "drawn",
                    "date_from": first,
                    "date_to": last,
                    "released_on": released,
                    "amount": amount or 0.0,
                    "owner_id": cls.env.uid,
                    # Two of one kind may be drawn.
                    "source_model": "hc.collection.hold",
                    "source_id": draw.randint(1, 10**9),
                }
            ]
        )
        hold.flush_recordset()
        cls.env.cr.execute(
            "UPDATE hc_collection_hold SET case_key = %s WHERE id = %s",
            [str(case.id) if case else None, hold.id],
        )
        return Hold(kind.code, first, last, released, amount), case

    @classmethod
    def _publish_random_policy(cls, code):
        draw = cls.random
        number_of_levels = draw.randint(1, 4)
        return cls._publish_policy(
            code,
            [
                {
                    "code": f"level_{place}",
                    "delay_days": draw.randint(0, 40) + 20 * place,
                    "delay_from": draw.choice(DELAY_STARTS),
                    "channel": draw.choice(CHANNELS),
                    "fallback_channel": draw.choice((False, *CHANNELS)),
                    "spacing_days": draw.randint(1, 30),
                    "on_workdays": draw.random() < 0.7,
                    "is_required_notice": draw.random() < 0.4,
                }
                for place in range(4 if code == "old" else number_of_levels)
            ],
            {
                channel: (draw.choice(CONSENT_RULES), draw.randint(0, 20))
                for channel in CHANNELS
                if draw.random() < 0.85
            },
            minimum_amount=draw.randint(1, 5000) / 100,
            currency_id=cls.env.ref("base.EUR" if code == "foreign" else "base.USD").id,
        )

    def test_sql_decides_as_the_pure_function(self):
        seen = set()
        for number in range(_POLICIES):
            code = "foreign" if number == _POLICIES - 1 else f"drawn_{number}"
            seen |= self._compare(self._publish_random_policy(code), number % 2)
        self.assertLessEqual(
            {"due", "held", "below_minimum", "not_due", "no_consent", "unreachable", "exhausted"}
            | {"currency_differs", "guardrail", "all_disputed", "nothing_open"},
            seen,
        )

    def _compare(self, policy, has_weekend):
        calendar = self.company.resource_calendar_id
        if has_weekend:
            weekday = str(self.today.weekday())
            calendar.attendance_ids.filtered(lambda each: each.dayofweek == weekday).unlink()
        workdays = self.env["resource.calendar"]._hc_get_workdays(self.company)
        run = self._propose()
        self.assertEqual(run.policy_id, policy)
        core = policy._to_core()
        seen = set()
        for row in run.proposal_ids:
            expected = decide(core, self.facts[row.account_id.id], self.today, workdays)
            with self.subTest(policy=policy.code, facts=self.facts[row.account_id.id]):
                self.assertEqual(
                    (row.reason, row.level_id.code or None, row.channel or "", row.due_on or None),
                    (
                        expected.reason,
                        expected.level.code if expected.level else None,
                        expected.channel,
                        expected.due_on,
                    ),
                )
                self.assertEqual(row.earliest_on or None, expected.earliest_on)
            seen.add(row.reason)
        self.assertEqual(len(run.proposal_ids), _ACCOUNTS)
        run._transition("cancelled")
        return seen
