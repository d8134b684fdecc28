# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.aging.policy": {"create", "write"},
    "hc.collection.account": {"action_open_aging"}
    | {
        # statements and portal
        "action_address_corrected",
        "action_invite_to_portal",
        "action_open_statements",
        "action_send_statement",
    },
    "hc.portal.access": {"action_revoke"},
    "hc.statement": {
        "action_download",
        "action_issue",
        "action_mail_again",
        "action_mail_returned",
        "action_mark_sent",
        "action_void",
    },
    "hc.statement.run": {
        "action_cancel",
        "action_continue",
        "action_mark_mailed",
        "action_open_statements",
        "action_preview",
        "action_print",
        "action_start",
        "create",
        "write",
    },
}
