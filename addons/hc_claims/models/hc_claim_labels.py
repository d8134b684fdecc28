# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the writer's fields are called in the office, and who can mend them."""

import re

# Queues by the beginning of a finding's path; the first that fits counts.
_QUEUES = (
    ("patient_status", "him"),
    ("admi", "him"),
    ("coverage", "patient_access"),
    ("patient", "patient_access"),
    ("other_coverages", "cob"),
    ("lines", "coding"),
    ("diagnoses", "coding"),
    ("principal_diagnosis", "coding"),
    ("rendering", "credentialing"),
    ("attending", "credentialing"),
    ("referring", "credentialing"),
    ("prior_authorization", "prior_auth"),
)
EDI_QUEUE = "edi"
_LIST_PLACE = re.compile(r"(\w+)\[(\d+)\]")


def queue_of(path):
    """The queue of those who can mend what a finding is about."""
    return next((queue for start, queue in _QUEUES if path.startswith(start)), EDI_QUEUE)


def label_of(path, env):
    """The field that a finding is about, in the words of the office.

    :param str path: as the writer names it, such as ``lines[2].service_from``
    """
    known = {
        "billing_provider.address": env._("Address of the facility"),
        "billing_provider.npi": env._("NPI of the facility"),
        "billing_provider.tax_id": env._("Tax id of the facility"),
        "billing_provider.taxonomy": env._("Taxonomy of the facility"),
        "coverage.payer.identifier": env._("Payer id of the payer"),
        "coverage.subscriber.member_id": env._("Member id of the coverage"),
        "coverage.subscriber.name": env._("Name of the subscriber"),
        "coverage.subscriber": env._("Subscriber"),
        "patient_status": env._("Patient status of the encounter"),
        "patient.address": env._("Address of the patient"),
        "patient": env._("Patient"),
        "diagnoses": env._("Diagnoses of the encounter"),
        "principal_diagnosis": env._("Principal diagnosis of the encounter"),
        "place_of_service": env._("Place of service"),
        "rendering": env._("Performer"),
        "attending": env._("Attending of the encounter"),
        "referring": env._("Referring of the encounter"),
        "other_coverages": env._("Other coverage"),
        "lines": env._("Service"),
    }
    plain = _LIST_PLACE.sub(r"\1", path)
    places = [place for _name, place in _LIST_PLACE.findall(path)]
    start = max((each for each in known if plain.startswith(each)), key=len, default="")
    rest = plain[len(start) :].strip(".").replace(".", " ").replace("_", " ")
    return " ".join(filter(None, (known.get(start), *places, f"({rest})" if rest else "")))
