import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, percent } from "../dashboard_format";

/** The buyers with the largest uncovered amounts, and why. */
export class CreditTop extends Component {
    static template = "export_credit_insurance.CreditTop";
    static components = { CreditOpen, CreditPanel };
    static props = {
        rows: Array,
        labels: Object,
        open: { type: [Object, { value: null }], optional: true },
        currencyId: Number,
    };
    static defaultProps = { open: null };

    /** How much of a buyer's exposure is uncovered. */
    share({ uncovered, exposure }) {
        return exposure > 0 ? _t("%s of its exposure", percent(uncovered / exposure)) : "";
    }

    where({ country, reason }) {
        return [country, reason].filter(Boolean).join(" · ");
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }
}
