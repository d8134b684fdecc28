# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The documents that the add-on's own tests use, and drafts made from them."""

import importlib.util
import json
from pathlib import Path
from zoneinfo import ZoneInfo

from hc_fhir.drafts import Naming, build_drafts, names_needed
from hc_fhir.fhir_reader import read_fhir

_ADDON = Path(__file__).resolve().parents[2] / "addons/hc_integration"
NEW_YORK = ZoneInfo("America/New_York")


def _load(name):
    spec = importlib.util.spec_from_file_location(name, _ADDON / f"tests/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


samples = _load("fhir_samples")


def read(*resources, **options):
    """The intake of a bundle of resources."""
    return read_fhir(json.dumps(samples.bundle(*resources, **options)).encode())


def read_one(resource):
    """The intake of a single resource."""
    return read_fhir(json.dumps(resource).encode())


def errors(intake):
    """Every fault of an intake as text."""
    return [str(f) for entry in intake.entries for f in entry.findings if f.is_error]


def naming_of(intake):
    """A naming that knows every facility and payer that the document speaks of."""
    facilities, payers = names_needed(intake)
    places = dict.fromkeys(facilities, ("RIV", NEW_YORK))
    return Naming(places, dict.fromkeys(payers, "ACME"))


def drafts(intake):
    """The drafts of an intake, by kind."""
    by_kind = {}
    for draft in build_drafts(intake, naming_of(intake)):
        by_kind.setdefault(draft.kind, []).append(draft)
    return by_kind
