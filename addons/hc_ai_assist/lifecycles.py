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
        Transition("shadow", "superseded", "a second opinion changed it", "system"),
    ),
    "pending",
)

# A case of which two people agree what is right. After that nothing about it changes any more.
AI_GOLD_CASE = Lifecycle(
    "AI gold case",
    (State("draft", "Draft"), State("agreed", "Agreed"), State("retired", "Retired")),
    (
        Transition("draft", "agreed", "a second person agrees", "supervisor, compliance"),
        Transition("draft", "retired", "it was none", "supervisor, compliance"),
        Transition("agreed", "retired", "not right any more", "supervisor, compliance"),
    ),
    "draft",
)
# The text of a file: read once, kept for a while, dropped; its hashes stay.
AI_READING = Lifecycle(
    "Reading of a file",
    (
        State("pending", "To Be Read"),
        State("done", "Read"),
        State("unreadable", "Not Readable"),
        State("purged", "Text Dropped"),
    ),
    (
        Transition("pending", "done", "it has text", "system"),
        Transition("pending", "unreadable", "it has none, or cannot be opened", "system"),
        Transition("unreadable", "pending", "to be tried again", "who may read the file"),
        Transition("done", "purged", "kept long enough, or the file is gone", "system"),
        Transition("unreadable", "purged", "long ago, or the file is gone", "system"),
        Transition("purged", "pending", "asked about again", "who may read the file"),
    ),
    "pending",
)
# Whether a provider outside Odoo is asked. What was approved is fixed: a change starts anew.
AI_PROVIDER = Lifecycle(
    "AI provider",
    (
        State("draft", "Draft"),
        State("active", "Active"),
        State("paused", "Paused"),
        State("retired", "Retired"),
    ),
    (
        Transition("draft", "active", "a second person agrees", "administrator"),
        Transition("active", "paused", "stopped", "administrator, operations, supervisor"),
        Transition("paused", "active", "asked again", "administrator"),
        Transition("paused", "draft", "to be changed", "administrator"),
        Transition("draft", "retired", "not wanted", "administrator"),
        Transition("active", "retired", "no longer needed", "administrator"),
        Transition("paused", "retired", "no longer needed", "administrator"),
    ),
    "draft",
)

# Whether free text may go to a provider.
AI_AGREEMENT = Lifecycle(
    "AI agreement",
    (
        State("proposed", "Proposed"),
        State("confirmed", "Confirmed"),
        State("ended", "Ended"),
    ),
    (
        Transition("proposed", "confirmed", "a second person has read it", "administrator"),
        Transition("proposed", "ended", "turned down", "administrator"),
        Transition("confirmed", "ended", "terminated", "administrator"),
    ),
    "proposed",
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
