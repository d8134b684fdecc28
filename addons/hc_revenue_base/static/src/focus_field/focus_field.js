import { onMounted } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";

const HIGHLIGHT_MILLISECONDS = 4000;

function findWidget(root, fieldName) {
    return root.querySelector(`.o_field_widget[name="${CSS.escape(fieldName)}"]`);
}

function nextFrame() {
    return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

/** Show the notebook page that holds the field: pages render only when they are active. */
async function openPageOf(root, xmlDoc, fieldName) {
    const page = xmlDoc.querySelector(`page field[name="${CSS.escape(fieldName)}"]`)?.closest("page");
    const tab = page && root.querySelector(`.o_notebook .nav-link[name="${page.getAttribute("name")}"]`);
    if (tab) {
        tab.click();
        await nextFrame();
    }
}

/**
 * A “Fix” button names the field that has to change (`hc_focus_field` in the action's context):
 * bring it into view, highlight it for a moment and put the cursor there.
 */
async function focusField(root, xmlDoc, fieldName) {
    // The form puts the cursor into its first field when it is mounted; come after it.
    await nextFrame();
    if (!findWidget(root, fieldName)) {
        await openPageOf(root, xmlDoc, fieldName);
    }
    const widget = findWidget(root, fieldName);
    if (!widget) {
        return;
    }
    widget.classList.add("o_hc_focus");
    setTimeout(() => widget.classList.remove("o_hc_focus"), HIGHLIGHT_MILLISECONDS);
    widget.scrollIntoView({ block: "center" });
    widget.querySelector("input, textarea, select, .o_field_x2many_list_row_add a")?.focus();
}

patch(FormController.prototype, {
    setup() {
        super.setup();
        const fieldName = this.props.context?.hc_focus_field;
        if (fieldName) {
            onMounted(() => focusField(this.rootRef.el, this.archInfo.xmlDoc, fieldName));
        }
    },
});
