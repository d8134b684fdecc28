import { registry } from "@web/core/registry";

/** A clerk's morning: a case is held, the reason leads to the field, the fix to the invoice. */
registry.category("web_tour.tours").add("hc_revenue_clerk", {
    url: "/odoo/revenue",
    steps: () => [
        {
            content: "the start page counts the held case",
            trigger: ".o_hc_home button[data-stage='exception'] .o_hc_home_figure:contains(1)",
        },
        {
            content: "open the cases of the stage",
            trigger: ".o_hc_home button[data-stage='exception']",
            run: "click",
        },
        {
            content: "open the case",
            trigger: ".o_list_view .o_data_row td[name='name']",
            run: "click",
        },
        {
            content: "the finding says what is wrong",
            trigger: ".o_hc_findings .alert-danger:contains(DEM-01)",
        },
        {
            content: "fix it",
            trigger: ".o_hc_findings .alert:contains(DEM-01) button[name='action_fix']",
            run: "click",
        },
        {
            content: "the field that has to change has the cursor",
            trigger: ".o_field_widget[name='zip'] input:focus",
            run: "edit 62701",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the patient is saved",
            trigger: ".o_form_saved",
        },
        {
            content: "go back to the case",
            trigger: ".breadcrumb .o_back_button a, .o_breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "check again",
            trigger: ".o_statusbar_buttons button[name='action_check_readiness']",
            run: "click",
        },
        {
            content: "the case is billed",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Invoiced)",
        },
        {
            content: "its history tells the way",
            trigger: ".o_notebook .nav-link[name='history']",
            run: "click",
        },
        {
            trigger: ".o_hc_timeline_entry:contains(Exception)",
        },
    ],
});
