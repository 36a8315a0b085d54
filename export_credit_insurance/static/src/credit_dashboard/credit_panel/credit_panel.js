import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { readyAction } from "@export_credit_insurance/credit_action/credit_action";

/**
 * Something that opens the list behind it: a button if there is one, plain text if not.
 *
 * `open` is what the server sent with the figure; it is handed back as it came.
 */
export class CreditOpen extends Component {
    static template = "export_credit_insurance.CreditOpen";
    static props = {
        open: { type: [Object, { value: null }], optional: true },
        className: { type: String, optional: true },
        title: { type: String, optional: true },
        label: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { open: null, className: "" };

    onClick(ev) {
        return this.env.openFigure(this.props.open, ev);
    }
}

/** A section of the dashboard: heading, what leads to all of it, content. */
export class CreditPanel extends Component {
    static template = "export_credit_insurance.CreditPanel";
    static components = { CreditOpen };
    static props = {
        name: String,
        title: String,
        note: { type: String, optional: true },
        open: { type: [Object, { value: null }], optional: true },
        openLabel: { type: String, optional: true },
        slots: { type: Object, optional: true },
    };
    static defaultProps = { open: null };

    get headingId() {
        return `o_credit_${this.props.name}_heading`;
    }
}

/** A bar that is filled up to a share, with its text for those who do not see it. */
export class CreditMeter extends Component {
    static template = "export_credit_insurance.CreditMeter";
    static props = {
        share: Number,
        label: String,
        tone: { type: String, optional: true },
        mark: { type: Number, optional: true },
    };
    static defaultProps = { tone: "calm" };

    get width() {
        return Math.round(100 * Math.min(Math.max(this.props.share, 0), 1));
    }
}

/** Call the model of the dashboard, and open what a figure consists of. */
export function useDashboardServer() {
    const orm = useService("orm");
    const action = useService("action");
    const model = "credit.insurance.dashboard";
    return {
        read: (filters) => orm.call(model, "get_dashboard", [filters]),
        async open({ key, params }, options = {}) {
            const found = await orm.call(model, "get_action", [key, params]);
            return action.doAction(readyAction(found), options);
        },
    };
}
