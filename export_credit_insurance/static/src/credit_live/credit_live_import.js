import { registry } from "@web/core/registry";
import { CreditLive } from "./credit_live";

/** Keep a limit import up to date while the job checks or applies its file. */
export class CreditLiveImport extends CreditLive {
    get isWorking() {
        const { is_checking, is_applying } = this.props.record.data;
        return is_checking || is_applying;
    }
}

registry.category("view_widgets").add("credit_live_import", {
    component: CreditLiveImport,
    fieldDependencies: [
        { name: "is_checking", type: "boolean" },
        { name: "is_applying", type: "boolean" },
    ],
});
