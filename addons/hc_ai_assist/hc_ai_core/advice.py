# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice: what is proposed, how sure the adviser is, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .calibration import Calibration
from .classifier import Classifier
from .fact_features import fact_features

MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something that is proposed or said stands.

    :ivar res_model: model of the record, such as ``ir.attachment`` for a file
    :ivar field: name of its field; empty for a file
    :ivar page: of a file, from 1; 0 elsewhere
    :ivar start: position of the quotation in the text of the page or field, in characters
    :ivar sha256: of that text, so that a later reader knows whether it is still the same
    """

    res_model: str
    res_id: int
    field: str = ""
    page: int = 0
    start: int = 0
    end: int = 0
    quote: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """A proposal, or the reason for having none.

    :ivar value: what is proposed, as text; None where the adviser abstains
    :ivar confidence: 0 to 1, calibrated where enough was decided
    :ivar reasons: in words, the most telling first
    :ivar alternatives: ``(value, confidence)``, the likeliest first
    :ivar abstained_because: ``not_trained``, ``below_floor`` or ``not_offered``, of documents
        ``not_read``, ``not_found`` or ``conflict``; empty otherwise
    :ivar evidence: what it rests on
    """

    value: str | None
    confidence: float
    reasons: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    abstained_because: str = ""
    evidence: tuple[Evidence, ...] = ()


def advise(
    classifier: Classifier | None,
    facts: Mapping[str, Any],
    choices: Sequence[str],
    floor: float,
    calibration: Calibration | None = None,
) -> Advice:
    """Propose one of the choices by what was learned from decided records.

    :param facts: of the record, de-identified
    :param choices: what may be proposed now; something learned that is none of them is left out
    """
    if classifier is None:
        return Advice(None, 0.0, abstained_because="not_trained")
    answer = classifier.classify(fact_features(facts))
    told = (calibration or Calibration()).confidence
    ranked = [(label, told(chance)) for label, chance in answer.chances if label in choices]
    if not ranked or ranked[0][0] != answer.label:
        return Advice(None, 0.0, answer.terms, tuple(ranked[:MOST_ALTERNATIVES]), "not_offered")
    value, confidence = ranked[0]
    alternatives = tuple(ranked[1 : 1 + MOST_ALTERNATIVES])
    if confidence < floor:
        return Advice(
            None, confidence, answer.terms, tuple(ranked[:MOST_ALTERNATIVES]), "below_floor"
        )
    return Advice(value, confidence, answer.terms, alternatives)
