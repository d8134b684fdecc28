import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { HcKpiSparkline } from "./hc_kpi_sparkline";

/** A change that would be shown as 0.0 is none. */
const SMALLEST_CHANGE = 0.05;
const GROUPINGS = {
    facility: _t("Facility"),
    payer: _t("Payer"),
    department: _t("Department"),
    responsibility: _t("Responsibility"),
};

/**
 * Indicators with target and trend; each number opens the records behind it.
 *
 * A client action with the context `{"topic": …}` shows the indicators of this topic only.
 */
export class HcKpiDashboard extends Component {
    static template = "hc_revenue_base.KpiDashboard";
    static components = { Layout, HcKpiSparkline };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.layoutDisplay = { controlPanel: {} };
        this.state = useState({
            data: null,
            groups: null,
            loading: false,
            chosen: null,
            grouping: "facility",
            filters: { as_of: false, facility_id: false, payer_id: false },
            ...this.props.state,
        });
        useSetupAction({
            getLocalState: () => ({
                chosen: this.state.chosen,
                grouping: this.state.grouping,
                filters: { ...this.state.filters },
            }),
        });
        onWillStart(() => this.load());
    }

    get topic() {
        return this.props.action.context?.topic || false;
    }

    get title() {
        return this.topic ? this.props.action.name : _t("How billing does");
    }

    async load() {
        this.state.loading = true;
        try {
            this.state.data = await this.orm.call("hc.kpi.dashboard", "get_overview", [
                { ...this.state.filters, topic: this.topic },
            ]);
            if (!this.chosenCard) {
                this.state.chosen = this.state.data.cards[0]?.code;
            }
            await this.loadGroups();
        } finally {
            this.state.loading = false;
        }
    }

    async loadGroups() {
        const card = this.chosenCard;
        if (!card) {
            return;
        }
        if (!card.groupings.includes(this.state.grouping)) {
            this.state.grouping = card.groupings[0];
        }
        this.state.groups = await this.orm.call("hc.kpi.dashboard", "get_groups", [
            card.code,
            this.state.grouping,
            this.state.filters,
        ]);
    }

    get chosenCard() {
        return this.state.data.cards.find((card) => card.code === this.state.chosen);
    }

    /** Whether no indicator has anything to count. */
    get isEmpty() {
        return !this.state.data.cards.some((card) => card.count);
    }

    get isFiltered() {
        return Object.values(this.state.filters).some(Boolean);
    }

    setDay(ev) {
        this.state.filters.as_of = ev.target.value || false;
        return this.load();
    }

    setRecord(name, ev) {
        this.state.filters[name] = parseInt(ev.target.value) || false;
        return this.load();
    }

    clearFilters() {
        Object.assign(this.state.filters, { as_of: false, facility_id: false, payer_id: false });
        return this.load();
    }

    choose(card) {
        this.state.chosen = card.code;
        return this.loadGroups();
    }

    group(grouping) {
        this.state.grouping = grouping;
        return this.loadGroups();
    }

    groupingLabel(grouping) {
        return GROUPINGS[grouping];
    }

    format(card, value) {
        if (value === null) {
            return "–";
        }
        if (card.unit === "money") {
            return formatMonetary(value, {
                currencyId: this.state.data.currency_id,
                digits: [16, 0],
            });
        }
        if (card.unit === "count") {
            return formatInteger(value);
        }
        const number = formatFloat(value, { digits: [16, 1] });
        return card.unit === "percent" ? `${number} %` : _t("%s days", number);
    }

    /** Direction of the last week: an arrow and words, so that colour only repeats them. */
    change(card) {
        const isSmall = Math.abs(card.change) < SMALLEST_CHANGE;
        if (card.change === null || isSmall) {
            return {
                icon: "fa-minus",
                css: "text-muted",
                text: card.change === null ? _t("no week before") : _t("as last week"),
            };
        }
        const size = Math.abs(card.change);
        const amount =
            card.unit === "percent"
                ? _t("%s points", formatFloat(size, { digits: [16, 1] }))
                : this.format(card, size);
        return {
            icon: card.change > 0 ? "fa-arrow-up" : "fa-arrow-down",
            css: card.improved ? "text-success" : "text-danger",
            text: card.improved ? _t("%s better", amount) : _t("%s worse", amount),
        };
    }

    /** At target or not: an icon and a word, so that colour only repeats them. */
    status(meets) {
        if (meets === null) {
            return null;
        }
        return meets
            ? { icon: "fa-check-circle", css: "text-success", text: _t("on target") }
            : { icon: "fa-exclamation-triangle", css: "text-danger", text: _t("off target") };
    }

    accent(card) {
        return card.meets === null ? "secondary" : card.meets ? "success" : "danger";
    }

    trendLabel(card) {
        const values = card.trend.map((point) => this.format(card, point)).join(", ");
        return _t("%(name)s, last 13 weeks: %(values)s", { name: card.name, values });
    }

    async open(card, group) {
        const action = await this.orm.call("hc.kpi.dashboard", "get_drill_down", [
            card.code,
            this.state.filters,
            group ? this.state.grouping : null,
            group ? group.key : null,
        ]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("hc_kpi_dashboard", HcKpiDashboard);
