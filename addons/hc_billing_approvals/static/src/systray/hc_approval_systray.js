import { Component, onWillStart, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

/** Must be the server's limit: from there on it stops counting. */
const COUNTED = 100;

/** What waits for the user's decision, and the questions that wait for their answer. */
export class HcApprovalSystray extends Component {
    static template = "hc_billing_approvals.Systray";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dropdown = useDropdownState();
        this.state = useState({ waiting: 0, asked: 0, is_overdue: false, requests: [] });
        const bus = useService("bus_service");
        bus.subscribe("hc_billing_approvals/changed", () => this.load());
        onWillStart(async () => {
            this.isShown = await user.hasGroup("hc_revenue_base.group_hc_user");
            if (this.isShown) {
                // The page does not wait for a counter.
                this.load();
            }
        });
    }

    async load() {
        if (this.isShown) {
            Object.assign(
                this.state,
                await this.orm.silent.call("hc.approval.request", "get_systray", [])
            );
        }
    }

    format(count) {
        return count >= COUNTED ? `${COUNTED - 1}+` : `${count}`;
    }

    timeLeft(request) {
        if (!request.due_at) {
            return "";
        }
        const due = deserializeDateTime(request.due_at);
        // The days of the calendar, as the inbox counts them.
        return due.hasSame(luxon.DateTime.now(), "day")
            ? due.toRelative()
            : due.toRelativeCalendar({ unit: "days" });
    }

    openRequest(request) {
        this.action.doAction(
            {
                type: "ir.actions.act_window",
                res_model: "hc.approval.request",
                res_id: request.id,
                views: [[false, "form"]],
            },
            { clearBreadcrumbs: true }
        );
    }

    openInbox() {
        this.action.doAction("hc_billing_approvals.hc_approval_request_action_inbox", {
            clearBreadcrumbs: true,
        });
    }

    openAsked() {
        this.action.doAction("hc_billing_approvals.hc_approval_request_action_asked", {
            clearBreadcrumbs: true,
        });
    }
}

registry
    .category("systray")
    .add("hc_billing_approvals.Systray", { Component: HcApprovalSystray }, { sequence: 26 });
