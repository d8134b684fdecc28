# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

# Whether another system is connected. Nothing is accepted from it, nor asked of it, but in
# "active"; what it sent before stays and is processed.
INTEGRATION_SOURCE = Lifecycle(
    "integration source",
    (
        State("draft", "Draft"),
        State("active", "Connected"),
        State("paused", "Paused"),
        State("retired", "Retired"),
    ),
    (
        Transition("draft", "active", "secret and user are set", "administrator"),
        Transition("active", "paused", "stopped for a while", "administrator, operations"),
        Transition("paused", "active", "goes on", "administrator, operations"),
        Transition("draft", "retired", "given up", "administrator"),
        Transition("active", "retired", "disconnected for good", "administrator"),
        Transition("paused", "retired", "disconnected for good", "administrator"),
    ),
    "draft",
)

INTEGRATION_KEY = Lifecycle(
    "integration key",
    (
        State("active", "Active"),
        State("revoked", "Revoked"),
        State("ended", "Ended"),
    ),
    (
        Transition("active", "revoked", "leaked, or not needed any more", "administrator"),
        Transition("active", "ended", "its last moment has passed", "system"),
    ),
    "active",
)

# What people decide about a value that a connected system says and a record does not.
DATA_PROPOSAL = Lifecycle(
    "conflicting update",
    (
        State("open", "To Decide"),
        State("accepted", "Taken Over"),
        State("rejected", "Rejected"),
        State("superseded", "Superseded"),
    ),
    (
        Transition("open", "accepted", "values are taken over", "clerk with patient data"),
        Transition("open", "rejected", "the record stays", "clerk with patient data"),
        Transition("open", "superseded", "the system says something else", "system"),
    ),
    "open",
)

# Whether events are put aside for an endpoint, and whether they are sent.
EVENT_SUBSCRIPTION = Lifecycle(
    "event subscription",
    (
        State("draft", "Draft"),
        State("active", "Sending"),
        State("paused", "Paused"),
        State("disabled", "Disabled"),
    ),
    (
        Transition("draft", "active", "address, types and secret are set", "administrator"),
        Transition("active", "paused", "events are kept, not sent", "administrator, operations"),
        Transition("paused", "active", "what was kept is sent", "administrator, operations"),
        Transition("draft", "disabled", "given up", "administrator"),
        Transition("active", "disabled", "ended, or the endpoint answered 410", "administrator"),
        Transition("paused", "disabled", "ended", "administrator"),
        Transition("disabled", "active", "begins anew", "administrator"),
    ),
    "draft",
)

# One event on its way to one endpoint. "dead" waits for a person.
EVENT_DELIVERY = Lifecycle(
    "event delivery",
    (
        State("pending", "Waiting"),
        State("sending", "Being Sent"),
        State("delivered", "Delivered"),
        State("dead", "Dead Letter"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("pending", "sending", "leased by a drain", "system"),
        Transition("sending", "delivered", "the endpoint answered 2xx", "system"),
        Transition("sending", "pending", "to be tried again", "system"),
        Transition("sending", "dead", "attempts used up, or 410", "system"),
        Transition("pending", "cancelled", "given up", "operations"),
        Transition("dead", "cancelled", "given up", "operations"),
        Transition("dead", "pending", "replayed", "operations"),
        Transition("delivered", "pending", "replayed: the receiver lost it", "operations"),
        Transition("cancelled", "pending", "replayed", "operations"),
    ),
    "pending",
)

# One message to a person, by a gateway. It is never sent twice: where nobody knows whether the
# gateway took it, a person decides.
GATEWAY_MESSAGE = Lifecycle(
    "gateway message",
    (
        State("pending", "Waiting"),
        State("sending", "Being Sent"),
        State("sent", "Sent"),
        State("delivered", "Delivered"),
        State("failed", "Failed"),
        State("opted_out", "Reader Opted Out"),
        State("uncertain", "Perhaps Sent"),
        State("cancelled", "Cancelled"),
    ),
    (
        Transition("pending", "sending", "leased", "system"),
        Transition("pending", "failed", "cannot be sent, or too late", "system"),
        Transition("pending", "cancelled", "taken back, or the reader opted out", "system"),
        Transition("sending", "pending", "to be tried again", "system"),
        Transition("sending", "sent", "the gateway took it", "system"),
        Transition("sending", "delivered", "the gateway says so", "system"),
        Transition("sending", "failed", "the gateway refused it", "system"),
        Transition("sending", "opted_out", "the gateway says so", "system"),
        Transition("sending", "uncertain", "nobody knows whether it was taken", "system"),
        Transition("sent", "delivered", "the gateway says so", "system"),
        Transition("sent", "failed", "the gateway says so", "system"),
        Transition("sent", "opted_out", "the reader wants no more", "system"),
        Transition("delivered", "opted_out", "the reader wants no more", "system"),
        Transition("uncertain", "sent", "it was taken", "system, operations"),
        Transition("uncertain", "delivered", "the gateway says so", "system"),
        Transition("uncertain", "failed", "it was not taken", "system, operations"),
        Transition("uncertain", "opted_out", "the reader wants no more", "system"),
        Transition("uncertain", "pending", "sent again: it was not taken", "operations"),
    ),
    "pending",
)

# One day of a payment provider, theirs against ours. A new run takes the place of an older one.
PAYMENT_RECONCILIATION = Lifecycle(
    "payment reconciliation",
    (
        State("running", "Under Way"),
        State("matched", "Matched"),
        State("different", "Differences"),
        State("failed", "Failed"),
        State("superseded", "Superseded"),
    ),
    (
        Transition("running", "matched", "both sides tell the same", "system"),
        Transition("running", "different", "they tell different things", "system"),
        Transition("running", "failed", "the provider could not be asked", "system"),
        Transition("failed", "running", "asked again", "system"),
        Transition("running", "superseded", "begun anew", "finance, operations"),
        Transition("matched", "superseded", "reconciled again", "system, finance, operations"),
        Transition("different", "superseded", "reconciled again", "system, finance, operations"),
        Transition("failed", "superseded", "reconciled again", "finance, operations"),
    ),
    "running",
)

# A day of a connected system: whether what it says that it sent is what is held.
INTEGRATION_PROOF = Lifecycle(
    "daily proof",
    (
        State("not_told", "Not Told"),
        State("proven", "Proven"),
        State("differs", "Differs"),
        State("settled", "Settled"),
    ),
    (
        Transition("not_told", "proven", "told, and the same is held", "system"),
        Transition("not_told", "differs", "told, and something else is held", "system"),
        Transition("proven", "differs", "told anew, or something came that was not sent", "system"),
        Transition("differs", "proven", "what was missing came", "system"),
        Transition("differs", "settled", "people settled what is left", "system, operations"),
        Transition("settled", "differs", "the figures changed again", "system"),
        Transition("settled", "proven", "what was missing came after all", "system"),
    ),
    "not_told",
)

# One difference between what a system says and what is held.
INTEGRATION_DIFFERENCE = Lifecycle(
    "difference of a daily proof",
    (
        State("open", "Open"),
        State("arrived", "Gone"),
        State("entered", "Entered by Hand"),
        State("settled", "Settled"),
    ),
    (
        Transition("open", "arrived", "the figures agree by now", "system"),
        Transition("open", "entered", "the event was entered by hand", "clerk with patient data"),
        Transition("open", "settled", "with a reason", "operations, administrator"),
        Transition("arrived", "open", "the figures differ again", "system"),
        Transition("entered", "open", "the figures changed", "system"),
        Transition("settled", "open", "the figures changed", "system"),
    ),
    "open",
)
