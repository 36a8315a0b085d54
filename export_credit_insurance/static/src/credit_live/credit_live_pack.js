import { registry } from "@web/core/registry";
import { CreditLive } from "./credit_live";

/** Keep the progress of an evidence pack up to date while the job makes it. */
export class CreditLivePack extends CreditLive {
    get isWorking() {
        return this.props.record.data.state === "queued";
    }
}

registry.category("view_widgets").add("credit_live_pack", {
    component: CreditLivePack,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
