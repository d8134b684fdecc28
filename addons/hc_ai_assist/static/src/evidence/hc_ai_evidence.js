import { Component } from "@odoo/owl";

/**
 * Where something that is proposed or said stands: the words around it, and a button that opens the
 * spot. What the server leaves out, because the user may not read it, is not shown.
 *
 * A place is `{label, page, before, quote, after, url, res_model, res_id}`: a file with `url`, or
 * a record that is opened by its form.
 */
export class HcAiEvidence extends Component {
    static template = "hc_ai_assist.Evidence";
    static props = { places: { type: Array }, openRecord: { type: Function, optional: true } };

    open(place) {
        if (place.url) {
            window.open(place.url, "_blank", "noopener");
        } else if (this.props.openRecord) {
            this.props.openRecord(place.res_model, place.res_id);
        }
    }
}
