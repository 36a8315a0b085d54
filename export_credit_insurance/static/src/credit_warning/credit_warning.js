import { RedirectWarningDialog, WarningDialog } from "@web/core/errors/error_dialogs";
import { patch } from "@web/core/utils/patch";

/** A warning of ours is headed by what it is about, see `models/titled.py`. */
patch(RedirectWarningDialog.prototype, {
    setup() {
        super.setup();
        this.title = this.props.data?.context?.credit_title || this.title;
    },
});

patch(WarningDialog.prototype, {
    inferTitle() {
        return this.props.data?.context?.credit_title || super.inferTitle();
    },
});
