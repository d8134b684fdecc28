# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How the models call the writer of claim files."""

from datetime import datetime, timezone

from ..hc_x12.claim_file import Outcome, write_claims
from ..hc_x12.claim_professional import ProfessionalClaim
from ..hc_x12.findings import FindingLog
from ..hc_x12.interchange import Envelope
from ..hc_x12.parties import Contact, Name, Receiver, Submitter
from ..hc_x12.write_837i import INSTITUTIONAL
from ..hc_x12.write_837p import PROFESSIONAL

FORMS = {"professional": PROFESSIONAL, "institutional": INSTITUTIONAL}
# Of one claim; more would say no more to who has to mend it.
_FINDINGS_PER_CLAIM = 100
# Checking writes a file that nobody keeps: any partner will do.
_NOBODY = Envelope(
    sender_id="CHECK",
    receiver_id="CHECK",
    control_number=1,
    created=datetime(2000, 1, 1, tzinfo=timezone.utc),
    usage="T",
)
_SUBMITTER = Submitter(
    name=Name("CHECK", is_organization=True),
    identifier="CHECK",
    contact=Contact(phone="0000000000"),
)
_RECEIVER = Receiver(name="CHECK", identifier="CHECK")


def check_contents(contents):
    """Everything that the writer has to say about claims, as its findings.

    :param contents: dataclasses of claims of either form
    """
    contents = list(contents)
    findings = []
    for claim_type, form in FORMS.items():
        is_professional = claim_type == "professional"
        claims = [
            content
            for content in contents
            if isinstance(content, ProfessionalClaim) is is_professional
        ]
        outcome = Outcome(findings=FindingLog(limit=_FINDINGS_PER_CLAIM * len(claims)))
        for _piece in write_claims(form, _NOBODY, _SUBMITTER, _RECEIVER, claims, outcome):
            pass
        findings += outcome.findings.findings
    return findings


def build_envelope(clearinghouse, control_number, created):
    """The partners, number and instant of a file.

    :param clearinghouse: record of ``hc.clearinghouse``
    """
    return Envelope(
        sender_qualifier=clearinghouse.sender_qualifier,
        sender_id=clearinghouse.sender_identifier,
        receiver_qualifier=clearinghouse.receiver_qualifier,
        receiver_id=clearinghouse.receiver_identifier,
        application_sender=clearinghouse.group_sender or "",
        application_receiver=clearinghouse.group_receiver or "",
        control_number=control_number,
        created=created,
        usage=clearinghouse.usage_indicator,
        acknowledgment_requested=True,
    )


def write_file(claim_type, clearinghouse, control_number, created, contents):
    """The file of claims of one form.

    :param clearinghouse: record of ``hc.clearinghouse``
    :param datetime created: the instant of writing
    :param contents: dataclasses of the claims, in the order in which they shall stand
    :return: ``(bytes, Outcome)``
    :raise EnvelopeError: the partner's numbers cannot be written
    """
    envelope = build_envelope(clearinghouse, control_number, created)
    submitter = Submitter(
        name=Name(clearinghouse.submitter_name, is_organization=True),
        identifier=clearinghouse.submitter_identifier,
        contact=Contact(
            name=clearinghouse.contact_name,
            phone=clearinghouse.contact_phone,
            email=clearinghouse.contact_email or "",
        ),
    )
    receiver = Receiver(
        name=clearinghouse.receiver_name or clearinghouse.name,
        identifier=clearinghouse.receiver_number or clearinghouse.receiver_identifier,
    )
    outcome = Outcome(findings=FindingLog(limit=_FINDINGS_PER_CLAIM * max(len(contents), 1)))
    pieces = write_claims(
        FORMS[claim_type],
        envelope,
        submitter,
        receiver,
        contents,
        outcome,
        clearinghouse.claims_per_transaction,
    )
    return b"".join(pieces), outcome
