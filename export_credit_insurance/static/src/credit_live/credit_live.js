import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";

const SECONDS = 4;

/** Keep the figures of a follow-up run up to date while the jobs work on it. */
export class CreditLive extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.look(), 1000 * SECONDS);
        });
        onWillUnmount(() => this.stop());
    }

    get isWorking() {
        const { is_preparing, queued_count, mail_count } = this.props.record.data;
        return is_preparing || queued_count > 0 || mail_count > 0;
    }

    /** Read the run again, unless nobody looks at it or somebody is typing. */
    async look() {
        const record = this.props.record;
        if (!this.isWorking || document.hidden || (await record.isDirty())) {
            return;
        }
        try {
            await record.load();
        } catch (error) {
            // deleted, logged out, no network: said once, not every few seconds
            this.stop();
            throw error;
        }
    }

    stop() {
        clearInterval(this.timer);
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
