# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The systems around the demonstration group."""

from dataclasses import dataclass

EHR, CLEARINGHOUSE, PAYMENTS, N8N, MESSAGING, LABORATORY, IMAGING = (
    "harbor-ehr",
    "clearline",
    "harborpay",
    "n8n",
    "shoreline-sms",
    "coastal-lab",
    "summit-imaging",
)


@dataclass(frozen=True)
class System:
    """A system as the administrator enters it.

    :param str user: XML id of whom it acts as; empty where nobody has decided yet
    :param str state: where its connection stands
    :param str may_send: types of events, as in the field *May Send*
    :param str playbook: what people do while it is down
    """

    code: str
    name: str
    kind: str
    user: str
    state: str
    scheme: str = "standard"
    may_send: str = ""
    contact: str = ""
    playbook: str = ""


SYSTEMS = (
    System(
        EHR,
        "Harbor Health Record",
        "ehr",
        "hc_revenue_base.demo_user_integration",
        "active",
        may_send="encounter.* coding.* charge.* patient.* coverage.* document.* source.totals",
        contact="Interface desk 207-555-0140, weekdays 7:00 to 19:00. Maintenance: Sundays, 2:00.",
        playbook="<p>Visits that ended and have to be billed today: <b>Enter an Event by Hand</b>, "
        "type <i>encounter.completed</i>, with the number on the visit slip.</p>"
        "<p>Everything else waits at the record system, which sends it when it is back.</p>",
    ),
    System(
        CLEARINGHOUSE,
        "Clearline Clearinghouse",
        "clearinghouse",
        "hc_integration.demo_system_clearinghouse",
        "active",
        scheme="hmac",
        may_send="claim.* remittance.received",
        contact="Support 800-555-0118, around the clock. Submitter number NW-2210.",
        playbook="<p>Download remittances from the portal and upload them under Remittances; the "
        "same file that comes later changes nothing.</p>",
    ),
    System(
        PAYMENTS,
        "HarborPay Card Payments",
        "payment",
        "hc_integration.demo_system_payments",
        "active",
        scheme="stripe",
        may_send="payment.*",
        contact="Merchant support 888-555-0162. Merchant number 77410.",
        playbook="<p>Take checks. Payments by card are reported when the processor is back.</p>",
    ),
    System(
        N8N,
        "n8n Workflows",
        "orchestrator",
        "hc_integration.demo_system_n8n",
        "active",
        may_send="document.* message.* claim.*",
        contact="Operations, on this server.",
        playbook="<p>Nothing is lost: what was to go to n8n waits and is sent again. Reminders by "
        "text message pause meanwhile.</p>",
    ),
    System(
        MESSAGING,
        "Shoreline Text Messages",
        "messaging",
        "hc_integration.demo_system_messaging",
        "active",
        scheme="bearer",
        may_send="message.status",
        contact="support@shoreline-sms.example.com",
        playbook="<p>Reminders go out by letter until the gateway is back.</p>",
    ),
    System(
        LABORATORY,
        "Coastal Reference Laboratory",
        "other",
        "hc_integration.demo_system_laboratory",
        "paused",
        contact="Dana at the laboratory's front office, 207-555-0177.",
        playbook="<p>Charges come as a list by fax; enter those of visits that close today.</p>",
    ),
    System(
        IMAGING,
        "Summit Imaging Center",
        "other",
        "hc_integration.demo_system_imaging",
        "active",
        may_send="charge.* document.*",
        contact="Control room 207-555-0119, around the clock. Ask for the interface log.",
        playbook="<ol><li>Call the control room: is their sender running, and since when not?</li>"
        "<li>Visits that are billed today: take the reports from the shared folder and <b>Enter an "
        "Event by Hand</b>, type <i>charge.posted</i>, with the accession number as its id.</li>"
        "<li>When it is back it sends everything again; what was entered by hand is recognised and "
        "not doubled.</li></ol>",
    ),
    System("bluepine-api", "Bluepine Health Portal", "payer", "", "draft"),
    System(
        "old-archive",
        "Former Document Archive",
        "document",
        "hc_integration.demo_system_n8n",
        "retired",
    ),
)
