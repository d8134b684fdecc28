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
        this.action = useService("action");
        this.state = useState({ suggestions: [], canAsk: false, busy: false, open: null, texts: {} });
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
        // What somebody has typed into a text stays while that suggestion is shown.
        const texts = {};
        for (const each of data.suggestions.filter((each) => each.is_text && !each.is_note)) {
            texts[each.id] = this.state.texts[each.id] ?? each.value;
        }
        this.state.texts = texts;
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
                // A note changes nothing of the record: the form would not draw the panel again.
                await this.load(this.props.record);
                // What was written about it, or posted as a note, stands in the chatter.
                const { resModel, resId } = this.props.record;
                this.env.bus.trigger("MAIL:RELOAD-THREAD", { model: resModel, id: resId });
            }
        });
    }

    /** Take a text as it stands in the box: changed words count as edited. */
    decideText(suggestion) {
        const text = this.state.texts[suggestion.id];
        return text === undefined || text === suggestion.value
            ? this.decide("action_accept", suggestion)
            : this.decide("action_accept_other", suggestion, [text]);
    }

    async openCitation(suggestion, citation) {
        this.action.doAction(
            await this.orm.call(MODEL, "action_open_citation", [[suggestion.id], citation.position])
        );
    }

    toggle(suggestion) {
        this.state.open = this.state.open === suggestion.id ? null : suggestion.id;
    }
}

registry.category("view_widgets").add("hc_ai_panel", { component: HcAiPanel });
