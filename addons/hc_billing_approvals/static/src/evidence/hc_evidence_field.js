/** Copyright 2026 HC Revenue contributors. License LGPL-3.0 or later. */
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** Shows the evidence of an act: documents open in place, words stand as they were written. */
export class HcEvidenceField extends Component {
    static template = "hc_billing_approvals.EvidenceField";
    static props = { ...standardFieldProps };

    setup() {
        this.viewer = useFileViewer();
    }

    get pieces() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => ({
            id: resId,
            type: data.type_id ? data.type_id.display_name : data.evidence_type_label,
            text: data.text,
            checksum: data.checksum,
            givenAt: data.create_date && data.create_date.toLocaleString(luxon.DateTime.DATETIME_MED),
            file: data.attachment_id && this.makeFile(data),
        }));
    }

    makeFile({ attachment_id, mimetype, checksum }) {
        const { id, display_name } = attachment_id;
        return Object.assign(new FileModel(), {
            id,
            checksum,
            mimetype,
            name: display_name,
            type: "binary",
        });
    }

    open(file) {
        const files = this.pieces.map((piece) => piece.file).filter((each) => each);
        this.viewer.open(
            files.find((each) => each.id === file.id),
            files
        );
    }
}

registry.category("fields").add("hc_evidence", {
    component: HcEvidenceField,
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "evidence_type_label", type: "char" },
        { name: "type_id", type: "many2one", relation: "hc.approval.evidence.type" },
        { name: "text", type: "text" },
        { name: "attachment_id", type: "many2one", relation: "ir.attachment" },
        { name: "mimetype", type: "char" },
        { name: "checksum", type: "char" },
        { name: "create_date", type: "datetime" },
    ],
});
