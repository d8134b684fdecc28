# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import HcCommon

FIRST_DAY = date(2026, 3, 2)
HISTORY_DAYS = 130


class KpiCase(HcCommon):
    """An office of two facilities with four months of seeded history, lived through day by day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.random = Random(20260302)
        cls.other_department = cls.env["hc.department"].create(
            {"name": "Imaging", "code": "IMG", "facility_id": cls.other_facility.id}
        )
        cls.other_payer = cls.env["hc.payer"].create(
            {
                "name": "Second Plan",
                "code": "SEC",
                "payer_identifier": "60055",
                "timely_filing_days": 3650,
            }
        )
        cls.practitioner.facility_ids = [Command.link(cls.other_facility.id)]
        cls.manager = cls._create_user("kpi.manager", "manager")
        cls.executive = cls._create_user("kpi.executive", "executive")
        cls.clerk = cls._create_user("kpi.clerk", "clerk")
        cls.reason = cls.env["hc.reason.code"].search([("usage", "=", "void_rebill")], limit=1)

    @classmethod
    @contextmanager
    def _at(cls, moment):
        """Let the office live at another moment."""
        with freeze_time(moment):
            before, cls.env.cr._now = cls.env.cr._now, moment
            try:
                yield
                cls.env.cr.precommit.run()
                cls.env.flush_all()
            finally:
                cls.env.cr._now = before

    @classmethod
    def _live(cls, visits):
        """Visits at random days with random fates."""
        for number in range(visits):
            day = FIRST_DAY + timedelta(days=cls.random.randrange(HISTORY_DAYS - 30))
            fate = cls.random.choice(("clean", "clean", "fault", "paid", "part", "void", "stuck"))
            cls._live_visit(number, day, fate)

    @classmethod
    def _moment(cls, day, later_days):
        days = timedelta(days=later_days)
        return datetime.combine(day + days, datetime.min.time()) + timedelta(
            hours=cls.random.randrange(24), minutes=cls.random.randrange(60)
        )

    @classmethod
    def _live_visit(cls, number, day, fate):
        facility, department = cls.random.choice(
            ((cls.facility, cls.department), (cls.other_facility, cls.other_department))
        )
        payer = cls.random.choice((cls.payer, cls.other_payer, cls.env["hc.payer"]))
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=14)
        with cls._at(start):
            patient = cls._create_patient(f"K{number}", last_name=f"Kpi{number}")
            coverage = cls.env["hc.coverage"]
            if payer:
                coverage = cls._create_coverage(
                    patient, payer_id=payer.id, eligibility_checked_on=day
                )
            encounter = cls._create_encounter(
                f"K-{number}",
                patient=patient,
                coverage=coverage,
                facility_id=facility.id,
                department_id=department.id,
                started_at=start,
                ended_at=start + timedelta(hours=1),
                note_signed_on=day,
                services=(("V1001", 1.0), ("L2002", float(cls.random.randint(1, 4)))),
            )
            encounter.service_line_ids.service_date = day
            if fate == "fault":
                patient.city = False
        delay = cls.random.randrange(5)
        with cls._at(cls._moment(day, delay + 1)):
            encounter.action_complete()
        if fate == "stuck":
            return
        with cls._at(cls._moment(day, delay + 3)):
            encounter.action_approve_coding()
        cls._live_fate(encounter, patient, cls._moment(day, delay + 12), fate)

    @classmethod
    def _live_fate(cls, encounter, patient, moment, fate):
        with cls._at(moment):
            case = encounter.case_ids
            if fate == "fault":
                patient.city = "Springfield"
                case.action_check_readiness()
            elif fate in ("paid", "part"):
                cls._pay(case, moment.date(), 0.4 if fate == "part" else 1.0)
            elif fate == "void":
                case._void_and_rebill(cls.reason, "Billed to the wrong plan.")

    @classmethod
    def _pay(cls, case, day, share):
        invoice = case.invoice_ids
        if not invoice:
            raise AssertionError(case.open_finding_ids.mapped("display_name"))
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": day, "amount": round(invoice.amount_total * share, 2)})
        )
        wizard._create_payments()
