# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Patients and visits of a mould, registered as a feed registers them."""

from datetime import datetime, timedelta
from random import Random

_LAST_NAMES = ("Abel", "Brook", "Cole", "Dunn", "Ellis", "Frost", "Grant", "Hale")
_FIRST_NAMES = ("Avery", "Blair", "Casey", "Drew", "Emery", "Finley", "Gray", "Harper")
_SELF_PAY_SHARE = 0.1
_CASES_PER_PATIENT = (1, 1, 2, 2, 3, 4)


class Registration:
    """Registers patients with coverage and their visits.

    Args:
        office: the provider group.
        rng: source of every choice.
        today: the day from which all dates are counted.
        prefix: first characters of every number.
    """

    def __init__(self, office, rng: Random, today, prefix: str):
        self.env = office.payers.env
        self.office = office
        self.rng = rng
        self.today = today
        self.prefix = prefix

    def register(self, facilities, ages_days):
        """Create one planned encounter, with its services, for each facility and age given.

        Args:
            facilities: of the encounters, in their order.
            ages_days: how long ago each took place.

        Returns:
            The encounters.
        """
        owners = self._owners(len(facilities))
        patients = self.env["hc.patient"].create(
            [self._patient_vals(number) for number in range(owners[-1] + 1)]
        )
        coverages = self._cover(patients)
        encounters = self.env["hc.encounter"].create(
            [
                self._encounter_vals(number, facility, patients[owner], coverages[owner], age)
                for number, (facility, owner, age) in enumerate(
                    zip(facilities, owners, ages_days, strict=True)
                )
            ]
        )
        self.env["hc.document"].create([_consent_vals(encounter) for encounter in encounters])
        return encounters

    def document_services(self, encounters):
        """Document one to four services of each encounter."""
        self.env["hc.service.line"].create(
            [
                self._service_vals(encounter, code)
                for encounter in encounters
                for code in self.rng.sample(list(self.office.procedures), self.rng.randint(1, 4))
            ]
        )

    def _owners(self, count):
        """For each case, the number of its patient."""
        owners = []
        while len(owners) < count:
            owner = owners[-1] + 1 if owners else 0
            owners += [owner] * self.rng.choice(_CASES_PER_PATIENT)
        return owners[:count]

    def _patient_vals(self, number):
        born = self.today - timedelta(days=self.rng.randint(20 * 365, 60 * 365))
        return {
            "mrn": f"{self.prefix}{number:04}",
            "last_name": self.rng.choice(_LAST_NAMES),
            # Together with the birth date nobody looks like somebody else's duplicate.
            "first_name": f"{self.rng.choice(_FIRST_NAMES)} {number}",
            "birth_date": born,
            "sex": self.rng.choice(("female", "male")),
            "street": f"{number + 1} Elm Street",
            "city": "Springfield",
            "zip": "62701",
            "state_id": self.env.ref("base.state_us_14").id,
        }

    def _cover(self, patients):
        """Give most patients a coverage; by patient, None for those who pay themselves."""
        covered = [self.rng.random() >= _SELF_PAY_SHARE for _patient in patients]
        coverages = iter(
            self.env["hc.coverage"].create(
                [
                    {
                        "patient_id": patient.id,
                        "payer_id": self.rng.choice(list(self.office.payers)).id,
                        "member_id": f"W{patient.mrn}",
                        "eligibility_status": "active",
                        "eligibility_checked_on": self.today,
                    }
                    for patient, is_covered in zip(patients, covered, strict=True)
                    if is_covered
                ]
            )
        )
        return [next(coverages) if is_covered else None for is_covered in covered]

    def _encounter_vals(self, number, facility, patient, coverage, age_days):
        start = datetime.combine(self.today, datetime.min.time())
        # Noon hours in UTC: the same day in every time zone of the facilities, summer or winter.
        start += timedelta(days=-age_days, hours=15 + number % 4)
        codes = self.rng.sample(list(self.office.diagnoses), self.rng.randint(1, 2))
        return {
            "number": f"{self.prefix}E{number:04}",
            "facility_id": facility.id,
            "patient_id": patient.id,
            "primary_coverage_id": coverage.id if coverage else False,
            "attending_id": self.office.practitioner.id,
            "started_at": start,
            "ended_at": start + timedelta(hours=1),
            "note_signed_on": start.date(),
            "diagnosis_ids": [(0, 0, {"code_id": code.id}) for code in codes],
        }

    def _service_vals(self, encounter, code):
        return {
            "encounter_id": encounter.id,
            "service_date": encounter.started_at.date(),
            "code_id": code.id,
            "units": self.rng.choice((1, 1, 1, 2, 3)),
            "place_of_service_id": self.office.place_of_service.id,
            "performer_id": encounter.attending_id.id,
            "diagnosis_ids": [(6, 0, encounter.diagnosis_ids.ids)],
        }


def _consent_vals(encounter):
    return {
        "name": "Consent",
        "document_type": "consent",
        "patient_id": encounter.patient_id.id,
        "encounter_id": encounter.id,
        "document_date": encounter.started_at.date(),
    }
