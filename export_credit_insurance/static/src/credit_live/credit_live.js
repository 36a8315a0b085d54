import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";

const SECONDS = 4;

/** Keep the figures of a follow-up run up to date while the jobs work on it. */
export class CreditLive extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        this.isStopped = false;
        onMounted(() => this.wait());
        onWillUnmount(() => this.stop());
    }

    /** Look again in a moment; only once the last answer is here. */
    wait() {
        if (!this.isStopped) {
            this.timer = setTimeout(() => this.look(), 1000 * SECONDS);
        }
    }

    get isWorking() {
        const { is_preparing, queued_count, mail_count } = this.props.record.data;
        return is_preparing || queued_count > 0 || mail_count > 0;
    }

    /** Read the run again, unless nobody looks at it or somebody is typing. */
    async look() {
        const record = this.props.record;
        try {
            if (this.isWorking && !document.hidden && !(await record.isDirty())) {
                await record.load();
            }
        } catch (error) {
            // deleted, logged out, no network: said once, not every few seconds
            this.stop();
            throw error;
        }
        this.wait();
    }

    stop() {
        this.isStopped = true;
        clearTimeout(this.timer);
    }
}

registry.category("view_widgets").add("credit_live", {
    component: CreditLive,
    fieldDependencies: [
        { name: "is_preparing", type: "boolean" },
        { name: "queued_count", type: "integer" },
        { name: "mail_count", type: "integer" },
    ],
});
