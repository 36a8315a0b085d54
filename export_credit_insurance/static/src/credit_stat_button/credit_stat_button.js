import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

const TONES = { ok: "text-success", warning: "text-warning", stopped: "text-danger" };

/** The buyer's headroom, or that cover is stopped; leads to the credit page. */
export class CreditStatButton extends Component {
    static template = "export_credit_insurance.CreditStatButton";
    static props = { ...standardWidgetProps };

    get data() {
        return this.props.record.data;
    }

    get tone() {
        return TONES[this.data.cover_state] || "";
    }

    get value() {
        if (["ok", "warning"].includes(this.data.cover_state)) {
            const currencyId = this.data.currency_id?.id;
            return formatMonetary(this.data.credit_headroom, { currencyId });
        }
        const states = this.props.record.fields.cover_state.selection;
        return states.find(([state]) => state === this.data.cover_state)?.[1] || "";
    }

    get caption() {
        return ["ok", "warning"].includes(this.data.cover_state)
            ? _t("Credit Headroom")
            : _t("Credit Insurance");
    }

    onClick(ev) {
        const form = ev.currentTarget.closest(".o_form_view") || document;
        const tab = form.querySelector(".nav-link[name=credit_insurance]");
        tab?.click();
        tab?.scrollIntoView({ behavior: "smooth", block: "start" });
    }
}

export const creditStatButton = {
    component: CreditStatButton,
    fieldDependencies: [
        { name: "credit_headroom", type: "monetary" },
        { name: "cover_state", type: "selection" },
        { name: "currency_id", type: "many2one" },
    ],
};

registry.category("view_widgets").add("credit_stat_button", creditStatButton);
