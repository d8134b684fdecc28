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
