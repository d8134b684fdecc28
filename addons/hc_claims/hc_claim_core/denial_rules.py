# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Readiness rules that would have kept a kind of denial from happening.

Only where a fact that the office has before billing speaks of the cause; other categories have no
template, and people think of another remedy.
"""

from dataclasses import dataclass

LINKED_AUTHORIZATION = "authorization_is_linked"


@dataclass(frozen=True, slots=True)
class RuleTemplate:
    """What a rule requires.

    :ivar rule_category: category of the readiness rule
    :ivar severity: ``error`` holds the case, ``warning`` only tells
    :ivar requires: ``(fact, operator, value)``
    :ivar of_procedures: whether it speaks of the denied procedures only
    :ivar name: in words, for people
    :ivar message: what a failure says
    """

    rule_category: str
    severity: str
    requires: tuple[tuple[str, str, str], ...]
    name: str
    message: str
    of_procedures: bool = False


TEMPLATES = {
    "authorization": RuleTemplate(
        "authorization",
        "error",
        ((LINKED_AUTHORIZATION, "equals", "yes"),),
        "Authorization linked",
        "This payer denied these services without authorization before: link one.",
        of_procedures=True,
    ),
    "eligibility": RuleTemplate(
        "eligibility",
        "error",
        (("eligibility_status", "equals", "active"), ("eligibility_is_fresh", "equals", "yes")),
        "Coverage confirmed",
        "This payer denied for coverage that had ended: confirm it (last answer: "
        "{eligibility_status}).",
    ),
    "coding": RuleTemplate(
        "coding",
        "warning",
        (("modifier_problems", "is_empty", ""), ("unsupported_procedures", "is_empty", "")),
        "Modifiers and diagnoses fit",
        "This payer denied such services for their codes: {modifier_problems} "
        "{unsupported_procedures}.",
        of_procedures=True,
    ),
    "medical_necessity": RuleTemplate(
        "coding",
        "error",
        (("unsupported_procedures", "is_empty", ""),),
        "Diagnosis supports the service",
        "The diagnosis does not support: {unsupported_procedures}.",
        of_procedures=True,
    ),
    "bundling": RuleTemplate(
        "coding",
        "error",
        (("pair_conflicts", "is_empty", ""),),
        "No bundled services",
        "Not paid together: {pair_conflicts}.",
    ),
    "frequency_limit": RuleTemplate(
        "coding",
        "error",
        (("excess_units", "is_empty", ""),),
        "Units within limits",
        "More units than this payer pays: {excess_units}.",
    ),
    "documentation": RuleTemplate(
        "documents",
        "error",
        (("note_is_signed", "equals", "yes"), ("documents_missing", "is_empty", "")),
        "Documentation complete",
        "This payer asked for documents before: missing {documents_missing}.",
    ),
    "duplicate": RuleTemplate(
        "duplicates",
        "error",
        (("duplicate_lines", "is_empty", ""),),
        "No service twice",
        "Billed already or twice: {duplicate_lines}.",
    ),
    "provider_credentialing": RuleTemplate(
        "provider",
        "error",
        (("enrollment_is_tracked", "equals", "yes"), ("lines_not_enrolled", "is_empty", "")),
        "Performer enrolled with the payer",
        "Not enrolled with this payer on that day: {lines_not_enrolled}.",
    ),
}


def get_template(category: str) -> RuleTemplate | None:
    """The template for a category of denials; None where no fact speaks of its cause.

    >>> get_template("authorization").requires
    (('authorization_is_linked', 'equals', 'yes'),)
    >>> get_template("coverage_benefit") is None
    True
    """
    return TEMPLATES.get(category)
