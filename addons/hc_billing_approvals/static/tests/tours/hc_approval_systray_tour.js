import { registry } from "@web/core/registry";

/** An approver sees that something waits, opens it from the counter, and then the inbox. */
registry.category("web_tour.tours").add("hc_approval_systray", {
    url: "/odoo",
    steps: () => [
        {
            content: "the counter counts",
            trigger: ".o_hc_approval_systray .o_hc_approval_count:not(.text-bg-danger)",
        },
        {
            content: "open it",
            trigger: ".o_hc_approval_systray",
            run: "click",
        },
        {
            content: "the request says what, how much and until when",
            // "in 3 hours", "tomorrow", "in 2 days": as the hour of the day and the week have it.
            trigger:
                ".o_hc_approval_item:contains('300.00') .text-end:contains(/in [0-9]|tomorrow/)",
            run: "click",
        },
        {
            content: "its form can be decided",
            trigger: ".o_form_view button[name='action_approve']:visible",
        },
        {
            content: "open the counter again",
            trigger: ".o_hc_approval_systray",
            run: "click",
        },
        {
            content: "and the inbox",
            trigger: ".o_hc_approval_menu .o_hc_approval_inbox",
            run: "click",
        },
        {
            content: "the request stands in the inbox",
            trigger: ".o_list_view .o_data_row",
        },
    ],
});

registry.category("web_tour.tours").add("hc_approval_no_systray", {
    url: "/odoo",
    steps: () => [
        {
            content: "no counter without a role",
            trigger: ".o_menu_systray:not(:has(.o_hc_approval_systray)) .o_user_menu",
        },
    ],
});
