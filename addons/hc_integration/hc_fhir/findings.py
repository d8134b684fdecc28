# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What there is to say about a document: where, what, and whether it keeps the resource out."""

from dataclasses import dataclass, field

# A resource with more faults than this is not read further: the rest would say nothing new.
MAX_FINDINGS = 50


class DocumentError(Exception):
    """The document as a whole cannot be read; nothing of it is taken in.

    :param str code: stable, machine-readable
    :param str message: one sentence: what is wrong and what to do, without content
    """

    def __init__(self, code, message):
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one element; the text never quotes a patient's data.

    >>> str(Finding("Patient.gender", "unknown_code", "is no code of administrative-gender"))
    'Patient.gender: is no code of administrative-gender'
    """

    path: str
    code: str
    message: str
    is_error: bool = True

    def __str__(self):
        return f"{self.path}: {self.message}"


@dataclass(slots=True)
class Report:
    """The findings on one resource, as they come up."""

    findings: list = field(default_factory=list)
    error_count: int = 0

    def error(self, path, code, message):
        """Note a fault that keeps the resource out."""
        self.error_count += 1
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(path, code, message))

    def warn(self, path, code, message):
        """Note what is worth knowing and keeps nothing out."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(path, code, message, is_error=False))

    @property
    def errors(self):
        """The findings that keep the resource out."""
        return tuple(finding for finding in self.findings if finding.is_error)
