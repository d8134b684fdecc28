/** Copyright 2026 HC Revenue contributors. License LGPL-3.0 or later. */
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useFileUploader } from "@web/core/utils/files";
import { Many2ManyBinaryField, many2ManyBinaryField } from "@web/views/fields/many2many_binary/many2many_binary_field";
import { useRef } from "@odoo/owl";

export const UPLOAD_ROUTE = "/web/binary/upload_attachment";

/** Files that are dropped or chosen, one or many. */
export class HcFileDropField extends Many2ManyBinaryField {
    static template = "hc_claims.FileDropField";

    setup() {
        super.setup();
        this.rootRef = useRef("root");
        this.uploadFiles = useFileUploader();
        useDropzone(this.rootRef, (ev) => this.onDrop(ev));
    }

    get hint() {
        return this.files.length ? _t("Drop more files here, or") : _t("Drop the files here, or");
    }

    async onDrop(ev) {
        const uploaded = await this.uploadFiles(UPLOAD_ROUTE, {
            csrf_token: odoo.csrf_token,
            ufile: [...ev.dataTransfer.files],
            model: this.props.record.resModel,
            id: 0,
        });
        if (uploaded) {
            await this.onFileUploaded(uploaded);
        }
    }
}

registry.category("fields").add("hc_file_drop", {
    ...many2ManyBinaryField,
    component: HcFileDropField,
});
