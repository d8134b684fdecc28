# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Visits of people without insurance, who owe all of the bill themselves."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random

from odoo.addons.hc_revenue_base.demo_data.billing_story import BillingStory
from odoo.addons.hc_revenue_base.demo_data.people import invent_people
from odoo.addons.hc_revenue_base.demo_data.plan import PlannedVisit
from odoo.addons.hc_revenue_base.demo_data.registration import Registration
from odoo.addons.hc_revenue_base.demo_data.visits import VISIT_KINDS, invent_visit

_PEOPLE = 36
_FIRST_NUMBER = 700001
# One in so many reads Spanish, and gets letters and statements in it.
_READS_SPANISH = 5
# Kinds of visits that cost from some fifty to two and a half thousand dollars.
_KINDS = ("sick visit", "chronic care", "wellness", "emergency", "knee imaging", "orthopedic visit")
# Days before the day of generation: some in each class of the aging.
_DAYS_AGO = (9, 20, 34, 45, 58, 70, 84, 100, 118, 135, 160, 190)


class SelfPayStory:
    """Uninsured adults come once or twice, are billed and have not paid yet.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.rng = Random(6)  # noqa: S311 - invents people, guards nothing

    def run(self):
        """Register and bill the visits, once: who comes back after an update finds them there."""
        if self._is_told():
            return
        people = self._invent_people()
        visits = _SelfPayRegistration(self.office, self.rng, self.as_of).register_visits(
            people, self._plan_visits(people)
        )
        _UnpaidBilling(self.office, self.rng, self.as_of).run(visits)

    def _is_told(self):
        patients = self.office.env_of("integration")["hc.patient"].sudo()
        known = [("mrn", "=", f"NW{_FIRST_NUMBER}"), ("company_id", "=", self.office.company.id)]
        return bool(patients.search_count(known, limit=1))

    def _invent_people(self):
        people = invent_people(self.rng, self.as_of, 2 * _PEOPLE)
        adults = [person for person in people if person.guarantor is None][:_PEOPLE]
        return [
            replace(person, mrn=f"NW{_FIRST_NUMBER + number}", payer=None, member_id=None)
            for number, person in enumerate(adults)
        ]

    def _plan_visits(self, people):
        kinds = [kind for kind in VISIT_KINDS if kind.name in _KINDS]
        planned = []
        for number, person in enumerate(people):
            age_years = person.age_years(self.as_of)
            suitable = [
                kind for kind in kinds if kind.age_from_years <= age_years <= kind.age_to_years
            ]
            for visit in range(1 + (number % 3 == 0)):
                days_ago = _DAYS_AGO[(number + 5 * visit) % len(_DAYS_AGO)]
                planned.append(
                    PlannedVisit(
                        number,
                        invent_visit(self.rng, suitable[(number + visit) % len(suitable)]),
                        self.as_of - timedelta(days=days_ago),
                        self.rng.randint(12, 20),
                        "billed",
                    )
                )
        return planned


class _SelfPayRegistration(Registration):
    """Registers people without coverage, beside those who are there already."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._numbers = count(_FIRST_NUMBER)

    def register_visits(self, people, planned):
        """Create patients and encounters with all that is documented.

        :return: list of ``(encounter, planned visit)``
        """
        patients = self._create_patients(people)
        encounters = self._create_encounters(people, patients, {}, {}, planned)
        self._create_services(encounters, planned)
        self._create_documents(people, encounters, planned)
        return list(zip(encounters, planned, strict=True))

    def _prepare_patient_vals(self, person, position, created):
        language = False if (position + 1) % _READS_SPANISH else "es_US"
        return super()._prepare_patient_vals(person, position, created) | {"language": language}

    def _prepare_course_vals(self, visit):
        return super()._prepare_course_vals(visit) | {"number": f"E{next(self._numbers)}"}


class _UnpaidBilling(BillingStory):
    """Bills as ever; what is paid, late or never, is told by the stories of collections."""

    def _collect(self, invoices):
        pass
