import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { HcAiEvidence } from "../evidence/hc_ai_evidence";

const MODEL = "hc.ai.suggestion";

/** What an adviser proposes for the record of the form, and the buttons to decide about it. */
export class HcAiPanel extends Component {
    static template = "hc_ai_assist.Panel";
    static components = { HcAiEvidence };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({ suggestions: [], canAsk: false, busy: false, open: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((nextProps) => this.load(nextProps.record));
    }

    async load(record) {
        if (!record.resId) {
            this.show({ suggestions: [], can_ask: false });
            return;
        }
        this.show(await this.orm.call(MODEL, "get_panel", [record.resModel, record.resId]));
    }

    show(data) {
        this.state.suggestions = data.suggestions;
        this.state.canAsk = data.can_ask;
        if (data.told) {
            this.notification.add(data.told, { type: "info" });
        }
    }

    get isShown() {
        return this.state.suggestions.length > 0 || this.state.canAsk;
    }

    /** Run one call at a time: a second click finds the buttons off. */
    async run(call) {
        this.state.busy = true;
        try {
            await call();
        } finally {
            this.state.busy = false;
        }
    }

    ask() {
        const { resModel, resId } = this.props.record;
        return this.run(async () => this.show(await this.orm.call(MODEL, "ask", [resModel, resId])));
    }

    decide(method, suggestion, args = []) {
        return this.run(async () => {
            // What the user has typed is saved first: the proposal must not overwrite it unseen.
            if (await this.props.record.save()) {
                await this.orm.call(MODEL, method, [[suggestion.id], ...args]);
                await this.props.record.load();
            }
        });
    }

    toggle(suggestion) {
        this.state.open = this.state.open === suggestion.id ? null : suggestion.id;
    }
}

registry.category("view_widgets").add("hc_ai_panel", { component: HcAiPanel });
