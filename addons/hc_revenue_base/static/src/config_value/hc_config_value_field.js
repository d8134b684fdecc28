/** Copyright 2026 HC Revenue contributors. License LGPL-3.0 or later. */
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Edits the proposed value of one configuration field by the type of that field, which the line
 * names in `field_type`; what may be chosen stands in `options`. The server checks the value.
 */
export class HcConfigValueField extends Component {
    static template = "hc_revenue_base.ConfigValueField";
    static props = { ...standardFieldProps };

    get type() {
        return this.props.record.data.field_type;
    }

    get options() {
        return this.props.record.data.options || [];
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    isChosen(choice) {
        return Array.isArray(this.value)
            ? this.value.includes(choice)
            : (this.value || false) === choice;
    }

    update(value) {
        return this.props.record.update({ [this.props.name]: value });
    }

    onNumber(ev) {
        const number = Number(ev.target.value);
        // What is no number goes to the server as entered, which says so.
        return this.update(Number.isNaN(number) ? ev.target.value : number);
    }

    onChoice(ev) {
        const option = this.options[ev.target.selectedIndex - 1];
        return this.update(option ? option[0] : false);
    }

    onChoices(ev) {
        return this.update(
            [...ev.target.selectedOptions].map((node) => this.options[node.index][0])
        );
    }
}

registry.category("fields").add("hc_config_value", {
    component: HcConfigValueField,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "field_type", type: "char" },
        { name: "options", type: "json" },
        { name: "after_text", type: "text" },
    ],
});
