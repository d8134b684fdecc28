# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..hc_dunning_core.cadence import AccountFacts, decide
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
        debts = [(patient, cls._draw_debts()) for patient in patients]
        accounts = cls._owe(debts)
        cls.facts = {}
        for account, (_patient, owed) in zip(accounts, debts, strict=True):
            cls.facts[account.id] = cls._dress(account, owed)
        cls.env.flush_all()

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
        levels = cls.old_policy.level_ids
        last, last_on = cls.env["hc.cadence.level"], None
        if draw.random() < 0.6:
            last, last_on = draw.choice(levels), cls._days_ago(draw.randint(0, 100))
            account._write_guarded({"cadence_level_id": last.id, "last_level_on": last_on})
        begun = min((cls._days_ago(days) for amount, days in owed if amount > 0), default=None)
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
        return AccountFacts(
            sum(Decimal(str(amount)) for amount, _days in owed),
            account.currency_id.name,
            begun,
            last.code or "",
            last_on,
            begun if last_on and begun and begun > last_on else None,
            tuple(cls._draw_hold(account) for _count in range(draw.choice((0, 0, 1, 2)))),
            tuple(contacts.items()),
            frozenset(channel for channel, address in reachable.items() if address),
            frozenset(opted_in),
            frozenset(opted_out),
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
    def _draw_hold(cls, account):
        draw = cls.random
        kind = HOLD_KINDS[draw.choice(list(HOLD_KINDS))]
        first = cls.today + timedelta(days=draw.randint(-40, 30))
        has_end = kind.needs_end or draw.random() < 0.5
        last = first + timedelta(days=draw.randint(0, 60)) if has_end else None
        released = cls.today + timedelta(days=draw.randint(-30, 0)) if draw.random() < 0.2 else None
        amount = Decimal(draw.randint(1, 15000)) / 100 if AMOUNT in kind.stops else None
        cls.env["hc.collection.hold"]._create_guarded(
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
        return Hold(kind.code, first, last, released, amount)

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
                }
                for place in range(4 if code == "old" else number_of_levels)
            ],
            {
                channel: (draw.choice(CONSENT_RULES), draw.randint(0, 20))
                for channel in CHANNELS
                if draw.random() < 0.85
            },
            minimum_amount=draw.randint(1, 5000) / 100,
            restarts=draw.random() < 0.5,
            currency_id=cls.env.ref("base.EUR" if code == "foreign" else "base.USD").id,
        )

    def test_sql_decides_as_the_pure_function(self):
        seen = set()
        for number in range(_POLICIES):
            code = "foreign" if number == _POLICIES - 1 else f"drawn_{number}"
            seen |= self._compare(self._publish_random_policy(code), number % 2)
        self.assertLessEqual(
            {"due", "held", "below_minimum", "not_due", "no_consent", "unreachable", "exhausted"}
            | {"currency_differs", "level_unknown", "all_disputed", "nothing_open"},
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
