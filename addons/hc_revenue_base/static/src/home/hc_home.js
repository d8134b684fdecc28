import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Stages whose cards ask for attention by their colour. */
const STAGE_ACCENTS = {
    exception: "danger",
    ready: "info",
    invoiced: "success",
    reopened: "warning",
};

/** The start page: what needs the user, and how the cases stand. */
export class HcRevenueHome extends Component {
    static template = "hc_revenue_base.Home";
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
            this.state.data = await this.orm.call("hc.home", "get_home_data", []);
        } finally {
            this.state.loading = false;
        }
    }

    /** Whether anything at all waits for the user. */
    get isQuiet() {
        return !this.state.data.tiles.some((tile) => tile.count);
    }

    get largestException() {
        return Math.max(...this.state.data.exceptions.map((row) => row.count), 1);
    }

    /** Share of a kind in the most frequent one, for the width of its bar. */
    exceptionShare(row) {
        return Math.round((100 * row.count) / this.largestException);
    }

    tileClass(tile) {
        if (!tile.count) {
            return "text-muted";
        }
        return tile.key === "overdue" ? "text-danger" : "";
    }

    stageAccent(stage) {
        return (stage.count && STAGE_ACCENTS[stage.key]) || "secondary";
    }

    formatCount(value) {
        return formatInteger(value);
    }

    formatAmount(value) {
        return formatMonetary(value || 0, {
            currencyId: this.state.data.currency_id,
            digits: [16, 0],
        });
    }

    avatarUrl(user) {
        return `/web/image/res.users/${user.id}/avatar_128`;
    }

    /** Open the list that a figure counts. */
    open(target, extraContext = {}) {
        return this.action.doAction(target.action, {
            additionalContext: { ...target.context, ...extraContext },
        });
    }
}

registry.category("actions").add("hc_revenue_home", HcRevenueHome);
