# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts that readiness rules of the base speak about, derived from loaded rows.

Each module declares its facts (``SPECS``) beside the function that derives them; a rule
refers to them by name. No fact holds a value that identifies a patient, so a message, a
trace or a log row built from facts does not either.
"""

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

from ..facts import FactSpec
from . import authorization, charges, coding, coverage, demographics, documents, provider
from .rows import CaseSheet

_GROUPS = (charges, demographics, coverage, authorization, coding, provider, documents)

# What can be known of a visit before it takes place.
INTAKE_GROUPS = (demographics, coverage, authorization, documents)

BASE_FACTS: tuple[FactSpec, ...] = tuple(spec for group in _GROUPS for spec in group.SPECS)


def derive_facts(
    sheet: CaseSheet,
    on_failure: Callable[[str, Exception], None],
    groups: Iterable[ModuleType] = _GROUPS,
) -> Mapping[str, Any]:
    """Return the facts of one case, or of a visit that has none yet.

    A group whose derivation fails is left out: rules that read its facts then err, and a
    rule that errs holds the case.

    :param on_failure: called with the name of the group and the exception
    :param groups: which groups to derive
    """
    facts: dict[str, Any] = {}
    for group in groups:
        try:
            facts.update(group.derive(sheet))
        except Exception as error:  # noqa: BLE001 - one bad record must not stop a batch
            on_failure(group.__name__.rpartition(".")[2], error)
    return facts
