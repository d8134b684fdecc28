# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an n8n needs from us: the shipped workflows that begin with an event, and its environment.

The workflows lie in the folder ``n8n`` of the repository; a test holds both lists against each
other. Standard Webhooks asks for secrets of 24 to 64 bytes.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SECRET_BYTES = 32
# What the office fills in by itself: the systems around, as far as its workflows call them.
OTHERS = (
    "HC_CLEARINGHOUSE_URL",
    "HC_CLEARINGHOUSE_KEY",
    "HC_PAYER_URL",
    "HC_PAYER_FALLBACK_URL",
    "HC_PAYER_KEY",
    "HC_MESSAGING_URL",
    "HC_MESSAGING_KEY",
    "HC_CHAT_URL",
    "HC_CHAT_KEY",
    "HC_PAYMENT_SOURCE",
    "HC_PROOF_SOURCES",
)
# Without these n8n neither lets scripts read its environment nor check signatures.
_SETTINGS = {"N8N_BLOCK_ENV_ACCESS_IN_NODE": "false", "NODE_FUNCTION_ALLOW_BUILTIN": "crypto"}


@dataclass(frozen=True)
class Workflow:
    """A shipped workflow that begins with an event of ours.

    Attributes:
        code: its folder, and the end of its address.
        name: for people.
        event_types: codes of the catalogue of event types.
        module: that brings them, as the Apps menu calls it.
        needs_patient_data: whether it asks for more than numbers and codes.
    """

    code: str
    name: str
    event_types: tuple[str, ...]
    module: str
    needs_patient_data: bool = False


_CLAIMS = "Healthcare Claims and Remittances"
WORKFLOWS = (
    Workflow("claim-rejected", "Claim rejected", ("claim.rejected",), _CLAIMS),
    Workflow("remittance-posted", "Remittance posted", ("remittance.posted",), _CLAIMS),
    Workflow(
        "eligibility-check",
        "Eligibility check",
        ("eligibility_inquiry.no_answer",),
        _CLAIMS,
        needs_patient_data=True,
    ),
    Workflow(
        "overdue-reminder",
        "Overdue reminder (text messages)",
        ("exchange.ready_to_leave_text_message",),
        "Healthcare Collections",
        needs_patient_data=True,
    ),
    Workflow(
        "approval-notification",
        "Approval notification",
        ("approval_request.waiting",),
        "Healthcare Billing Approvals",
    ),
)


def find(code: str) -> Workflow:
    """Return the workflow of a code.

    Raises:
        KeyError: there is none.
    """
    return {workflow.code: workflow for workflow in WORKFLOWS}[code]


def webhook_url(base_url: str, code: str) -> str:
    """Return where a workflow of an n8n is called.

    >>> webhook_url("https://n8n.example.org/", "claim-rejected")
    'https://n8n.example.org/webhook/hc-claim-rejected'
    """
    return f"{base_url.rstrip('/')}/webhook/hc-{code}"


def new_secret(random_bytes: bytes) -> str:
    """Return a secret of Standard Webhooks.

    >>> new_secret(bytes(3))
    'whsec_AAAA'
    """
    return f"whsec_{base64.b64encode(random_bytes).decode()}"


def is_inside(host: str) -> bool:
    """Whether a name is one of the office's own network; addresses are judged elsewhere.

    >>> is_inside("n8n"), is_inside("n8n.internal"), is_inside("n8n.example.org")
    (True, True, False)
    """
    return "." not in host or host.rpartition(".")[2] in ("internal", "local", "localhost", "lan")


def environment(ours: Mapping[str, str], others: Iterable[str] = OTHERS) -> str:
    """Return the variables of n8n's environment, a line each.

    >>> print(environment({"A": "1"}, ["B"]))
    A=1
    N8N_BLOCK_ENV_ACCESS_IN_NODE=false
    NODE_FUNCTION_ALLOW_BUILTIN=crypto
    B=
    """
    known = {**ours, **_SETTINGS}
    lines = [f"{name}={value}" for name, value in known.items()]
    return "\n".join([*lines, *(f"{name}=" for name in others)])
