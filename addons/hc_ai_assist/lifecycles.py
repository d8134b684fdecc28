# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

# Whether advice is given. In "shadow" it is worked out and compared with what people decide, and
# nobody sees it; only what did well there goes live.
AI_POLICY = Lifecycle(
    "AI policy",
    (State("off", "Off"), State("shadow", "Shadow"), State("live", "Live")),
    (
        Transition("off", "shadow", "worked out, and shown to nobody", "administrator"),
        Transition("shadow", "live", "did well in shadow", "administrator"),
        Transition(
            "live", "shadow", "to be watched again, or too often wrong", "administrator, system"
        ),
        Transition("shadow", "off", "switched off", "administrator, operations, supervisor"),
        Transition("live", "off", "switched off", "administrator, operations, supervisor"),
    ),
    "off",
)

# What people do with a proposal. After a decision nothing about it changes any more.
AI_SUGGESTION = Lifecycle(
    "AI suggestion",
    (
        State("pending", "To Review"),
        State("shadow", "Shadow"),
        State("abstained", "Abstained"),
        State("accepted", "Accepted"),
        State("edited", "Accepted With Another Value"),
        State("rejected", "Rejected"),
        State("superseded", "Superseded"),
        State("expired", "Expired"),
    ),
    (
        Transition("pending", "shadow", "its policy is in shadow", "system"),
        Transition("pending", "abstained", "not sure enough", "system"),
        Transition("pending", "accepted", "the value is written", "who may write the record"),
        Transition("pending", "edited", "another value is written", "who may write the record"),
        Transition("pending", "rejected", "the record stays", "who may write the record"),
        Transition("pending", "superseded", "newer advice, or the record moved", "system"),
        Transition("pending", "expired", "nobody decided in time", "system"),
    ),
    "pending",
)

# A sample of what was accepted is looked at by a second person, who does not change it.
AI_SECOND_REVIEW = Lifecycle(
    "AI second review",
    (
        State("none", "Not in the Sample"),
        State("waiting", "Waits for a Second Reviewer"),
        State("agreed", "Second Reviewer Agrees"),
        State("disagreed", "Second Reviewer Disagrees"),
    ),
    (
        Transition("none", "waiting", "accepted, and in the sample", "system"),
        Transition("waiting", "agreed", "the value is right", "supervisor who did not accept it"),
        Transition(
            "waiting", "disagreed", "the value is wrong", "supervisor who did not accept it"
        ),
    ),
    "none",
)
