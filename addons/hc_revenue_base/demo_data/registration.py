# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Registers the invented people and their visits, as the record system's feed would."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

from odoo.fields import Command

from .office import Office
from .people import invent_people
from .plan import PlannedVisit, plan_visits
from .visits import needed_authorizations

# An invented package in the eleven digits of a National Drug Code.
_DRUG_CODE = "99999000101"
_HISTORY_DAYS = 420
_SOURCE = "record_system"
# Outcomes of visits that have not taken place, or not to the end.
_NOT_OVER = ("planned", "arrived", "no_show")


class Registration:
    """Creates patients, coverages, documents, authorizations and encounters.

    :param office: the demonstration group
    :param rng: source of every choice, so that a seed gives the same group again
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office: Office, rng: Random, as_of):
        self.office = office
        self.rng = rng
        self.as_of = as_of
        self.env = office.env_of("integration")

    def register(self, patient_count: int, encounter_count: int):
        """Create patients and planned encounters with all that is documented.

        :return: list of ``(encounter, planned visit)``
        """
        people = invent_people(self.rng, self.as_of, patient_count)
        planned = plan_visits(self.rng, self.as_of, people, encounter_count)
        planned = _add_people_with_gaps(people, planned)
        patients = self._create_patients(people)
        coverages = self._create_coverages(people, patients)
        authorizations = self._create_authorizations(people, patients, coverages, planned)
        encounters = self._create_encounters(people, patients, coverages, authorizations, planned)
        self._create_services(encounters, planned)
        self._create_documents(people, encounters, planned)
        return list(zip(encounters, planned, strict=True))

    def _day(self, days_ago):
        return self.as_of - timedelta(days=days_ago)

    def _create_patients(self, people):
        """Create adults first: children name one of them as guarantor."""
        created = {}
        for is_child in (False, True):
            positions = [
                position
                for position, person in enumerate(people)
                if (person.guarantor is not None) == is_child
            ]
            patients = self.env["hc.patient"].create(
                [
                    self._prepare_patient_vals(people[position], position, created)
                    for position in positions
                ]
            )
            created.update(zip(positions, patients.ids, strict=True))
        return self.env["hc.patient"].browse(created[position] for position in range(len(people)))

    def _prepare_patient_vals(self, person, position, created):
        return {
            "mrn": person.mrn,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "sex": person.sex,
            "birth_date": person.birth_date,
            "street": person.street,
            "city": person.city,
            "zip": person.zip_code,
            "state_id": self.env.ref("base.state_us_24").id,
            "phone": f"207-555-01{position % 100:02d}",
            "guarantor_id": created.get(person.guarantor),
            "facility_ids": [Command.link(self.office.ref(f"facility_{person.home}").id)],
        }

    def _prepare_coverage_vals(self, person, patient, **values):
        return {
            "patient_id": patient.id,
            "payer_id": self.office.ref(f"payer_{person.payer}").id,
            "member_id": person.member_id,
            "subscriber_relation": "self" if person.guarantor is None else "child",
            "subscriber_id": patient.guarantor_id.id,
            "date_from": self._day(_HISTORY_DAYS),
            "medicare_secondary_answered": person.payer == "medicare",
            "eligibility_status": "active",
            "eligibility_checked_on": self.as_of,
            **values,
        }

    def _create_coverages(self, people, patients):
        """One primary coverage per insured person, a secondary one for some with Medicare."""
        insured = [i for i, person in enumerate(people) if person.payer]
        coverages = self.env["hc.coverage"].create(
            [self._prepare_coverage_vals(people[i], patients[i]) for i in insured]
        )
        self.env["hc.coverage"].create(
            [
                self._prepare_coverage_vals(
                    replace(people[i], payer="bluepine", member_id=f"BP{700000000 + i}"),
                    patients[i],
                    coverage_order="2",
                )
                for i in insured
                if people[i].payer == "medicare" and i % 3 == 0
            ]
        )
        return dict(zip(insured, coverages, strict=True))

    def _create_authorizations(self, people, patients, coverages, planned):
        """``{(person, code): authorization}`` for what the payers want, where it was obtained."""
        keys = {}
        for visit in planned:
            payer = people[visit.person].payer
            for code, kind in needed_authorizations(payer, visit.visit).items():
                if visit.has_authorization:
                    keys[visit.person, code] = kind
        authorizations = self.env["hc.authorization"].create(
            [
                {
                    "number": f"{'R' if kind == 'referral' else 'A'}{880000 + position}",
                    "authorization_type": kind,
                    "patient_id": patients[person].id,
                    "payer_id": coverages[person].payer_id.id,
                    "coverage_id": coverages[person].id,
                    "code_ids": [Command.link(self.office.code_id("procedure", code))],
                    "date_from": self._day(_HISTORY_DAYS),
                    "date_to": self._day(-90),
                    "approved_units": 0,
                }
                for position, ((person, code), kind) in enumerate(keys.items())
            ]
        )
        return dict(zip(keys, authorizations, strict=True))

    def _get_visit_coverage(self, person, patient, coverages, visit: PlannedVisit):
        """The patient's coverage, or one with the visit's fault."""
        faulty = {
            "eligibility_unknown": {
                "eligibility_status": "unknown",
                "eligibility_checked_on": False,
            },
            "eligibility_inactive": {"eligibility_status": "inactive"},
            "coverage_ended": {"date_to": visit.day - timedelta(days=20)},
            "member_id_malformed": {"member_id": f"{person.member_id}?"},
        }.get(visit.fault)
        if faulty is None:
            return coverages.get(visit.person, self.env["hc.coverage"])
        return self.env["hc.coverage"].create(
            [self._prepare_coverage_vals(person, patient, plan_name="New plan", **faulty)]
        )

    def _create_encounters(self, people, patients, coverages, authorizations, planned):
        vals_list = []
        for position, visit in enumerate(planned):
            patient = patients[visit.person]
            coverage = self._get_visit_coverage(people[visit.person], patient, coverages, visit)
            vals_list.append(
                {
                    "number": f"E{100001 + position}",
                    "source": _SOURCE,
                    "patient_id": patient.id,
                    "primary_coverage_id": coverage.id,
                    **self._prepare_place_vals(visit),
                    **self._prepare_course_vals(visit),
                    **_prepare_authorization_vals(authorizations, visit),
                }
            )
        return self.env["hc.encounter"].create(vals_list)

    def _prepare_place_vals(self, visit):
        """Where the visit takes place and with whom."""
        kind = visit.visit.kind
        department = f"department_{kind.facility}_{kind.department}"
        vals = {
            "facility_id": self.office.ref(f"facility_{kind.facility}").id,
            "department_id": self.office.ref(department).id,
            "encounter_class": kind.encounter_class,
            "type_of_bill": kind.type_of_bill,
            "is_scheduled": kind.encounter_class in ("ambulatory", "virtual"),
            "attending_id": self.office.ref(f"practitioner_{visit.visit.practitioner}").id,
        }
        if kind.referring:
            vals["referring_id"] = self.office.ref(f"practitioner_{kind.referring}").id
        return vals

    def _prepare_course_vals(self, visit):
        """When the visit takes place and, where it is over, what was found."""
        start = datetime.combine(visit.day, time(visit.hour))
        if visit.outcome in _NOT_OVER:
            return {"started_at": start}
        return {
            "started_at": start,
            "ended_at": start + timedelta(hours=visit.visit.kind.duration_hours),
            "note_signed_on": visit.day if visit.is_signed else False,
            "diagnosis_ids": [
                Command.create(
                    {"code_id": self.office.code_id("diagnosis", code), "sequence": 10 + 10 * order}
                )
                for order, code in enumerate(visit.visit.diagnoses)
            ],
        }

    def _create_services(self, encounters, planned):
        self.env["hc.service.line"].create(
            [
                self._prepare_service_vals(encounter, visit, service, order)
                for encounter, visit in zip(encounters, planned, strict=True)
                if visit.outcome not in (*_NOT_OVER, "undocumented")
                for order, service in enumerate(visit.visit.services)
            ]
        )

    def _prepare_service_vals(self, encounter, visit, service, order):
        vals = {
            "encounter_id": encounter.id,
            "source": _SOURCE,
            "external_id": f"{encounter.number}-{order + 1}",
            "service_date": visit.day,
            "code_id": self.office.code_id("procedure", service.code),
            "modifier_ids": [
                Command.link(self.office.code_id("modifier", code)) for code in service.modifiers
            ],
            "units": service.units,
            "performer_id": encounter.attending_id.id,
            "place_of_service_id": self.office.code_id(
                "place_of_service", service.place or visit.visit.kind.place
            ),
        }
        if service.revenue:
            vals["revenue_code_id"] = self.office.code_id("revenue", service.revenue)
        if service.points_to_diagnosis:
            vals["diagnosis_ids"] = [Command.set(encounter.diagnosis_ids.ids)]
        if service.code.startswith("J") and service.has_drug_code:
            vals.update(drug_code=_DRUG_CODE, drug_quantity=service.units, drug_unit="ML")
        return vals

    def _create_documents(self, people, encounters, planned):
        vals_list = []
        for encounter, visit in zip(encounters, planned, strict=True):
            payer = people[visit.person].payer
            kinds = ["consent"] if visit.has_consent else []
            if payer == "workcover":
                kinds.append("claim_attachment")
            if payer is None:
                kinds += ["good_faith_estimate", "financial_screening"]
            labels = dict(
                self.env["hc.document"]._fields["document_type"]._description_selection(self.env)
            )
            vals_list += [
                {
                    "name": f"{labels[kind]}, {encounter.number}",
                    "document_type": kind,
                    "patient_id": encounter.patient_id.id,
                    "encounter_id": encounter.id,
                    "document_date": min(visit.day, self.as_of),
                }
                for kind in kinds
            ]
        self.env["hc.document"].create(vals_list)


def _prepare_authorization_vals(authorizations, visit):
    """The authorization and the referral that cover the visit's services."""
    vals = {}
    for service in visit.visit.services:
        authorization = authorizations.get((visit.person, service.code))
        if authorization and visit.has_authorization:
            is_referral = authorization.authorization_type == "referral"
            vals["referral_id" if is_referral else "authorization_id"] = authorization.id
    return vals


def _add_people_with_gaps(people, planned):
    """Give each visit with an incomplete address a person of its own, so that no other suffers."""
    result = []
    for visit in planned:
        if visit.fault == "address_incomplete":
            person = people[visit.person]
            people.append(
                replace(
                    person,
                    mrn=f"NW{len(people) + 100001}",
                    last_name=f"{person.last_name}by",
                    birth_date=person.birth_date - timedelta(days=31),
                    street="",
                    zip_code="",
                )
            )
            visit = replace(visit, person=len(people) - 1)
        result.append(visit)
    return result
