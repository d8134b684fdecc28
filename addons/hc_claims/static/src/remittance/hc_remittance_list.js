/** Copyright 2026 HC Revenue contributors. License LGPL-3.0 or later. */
import { useDropzone } from "@web/core/dropzone/dropzone_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useFileUploader } from "@web/core/utils/files";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { onWillStart } from "@odoo/owl";
import { UPLOAD_ROUTE } from "../file_drop/hc_file_drop_field";

const WIZARD = "hc.remittance.upload.wizard";

/** The list of remittances takes files that are dropped on it. */
export class HcRemittanceListController extends ListController {
    setup() {
        super.setup();
        this.actionService = useService("action");
        this.uploadFiles = useFileUploader();
        this.mayUpload = false;
        onWillStart(async () => {
            this.mayUpload = await user.checkAccessRight(WIZARD, "create");
        });
        useDropzone(
            this.rootRef,
            (ev) => this.onDropFiles(ev),
            "o_hc_remittance_drop",
            () => this.mayUpload
        );
    }

    async onDropFiles(ev) {
        const uploaded = await this.uploadFiles(UPLOAD_ROUTE, {
            csrf_token: odoo.csrf_token,
            ufile: [...ev.dataTransfer.files],
            model: WIZARD,
            id: 0,
        });
        const ids = (uploaded || []).filter((file) => !file.error).map((file) => file.id);
        if (ids.length) {
            await this.actionService.doAction("hc_claims.hc_remittance_upload_wizard_action", {
                additionalContext: { default_attachment_ids: ids },
                onClose: () => this.model.load(),
            });
        }
    }
}

registry.category("views").add("hc_remittance_list", {
    ...listView,
    Controller: HcRemittanceListController,
});
