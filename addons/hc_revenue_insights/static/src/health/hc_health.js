import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STATUSES = {
    ok: { icon: "fa-check-circle", css: "success", text: _t("Well") },
    warning: { icon: "fa-exclamation-triangle", css: "warning", text: _t("Warning") },
    failing: { icon: "fa-times-circle", css: "danger", text: _t("Failing") },
};

/** What is watched of the running system, the worst first, with what to do. */
export class HcHealth extends Component {
    static template = "hc_revenue_insights.Health";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.layoutDisplay = { controlPanel: {} };
        this.state = useState({ data: null, loading: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("hc.health.page", "get_overview", []);
        } finally {
            this.state.loading = false;
        }
    }

    status(name) {
        return STATUSES[name];
    }

    get troubles() {
        return this.state.data.checks.filter((check) => check.status !== "ok");
    }

    get summary() {
        if (!this.troubles.length) {
            return _t("Everything that is watched is well.");
        }
        return _t("%(count)s of %(total)s checks need somebody.", {
            count: this.troubles.length,
            total: this.state.data.checks.length,
        });
    }

    /** A count as it is, seconds in the largest unit that people use for them. */
    format(check, value) {
        if (check.unit === "count") {
            return formatInteger(value);
        }
        if (value < MINUTE) {
            return _t("%s s", Math.round(value));
        }
        if (value < HOUR) {
            return _t("%s min", Math.round(value / MINUTE));
        }
        return value < 2 * DAY
            ? _t("%s h", Math.round(value / HOUR))
            : _t("%s days", Math.round(value / DAY));
    }

    async open(check) {
        const action = await this.action.loadAction(check.action);
        return this.action.doAction({ ...action, domain: check.domain, context: {} });
    }
}

registry.category("actions").add("hc_health", HcHealth);
