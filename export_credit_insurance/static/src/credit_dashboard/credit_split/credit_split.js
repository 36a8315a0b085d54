import { Component } from "@odoo/owl";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, moneyToTheCent, PARTS, segments } from "../dashboard_format";

/**
 * The exposure by zone or by insurer: one bar each, as long as its share of the largest,
 * the largest first; what has no zone or insurer is last.
 */
export class CreditSplit extends Component {
    static template = "export_credit_insurance.CreditSplit";
    static components = { CreditOpen, CreditPanel };
    static props = {
        name: String,
        title: String,
        what: String,
        rows: Array,
        labels: Object,
        currencyId: Number,
    };

    get rows() {
        const largest = Math.max(0, ...this.props.rows.map((row) => row.exposure));
        const isLast = (row) => (row.id ? 0 : 1);
        const rows = [...this.props.rows].sort(
            (one, other) => isLast(one) - isLast(other) || other.exposure - one.exposure
        );
        return rows.map((row) => ({
            ...row,
            segments: segments(row, largest),
            description: this.describe(row),
        }));
    }

    describe(row) {
        const parts = PARTS.map((key) => `${this.props.labels[key]} ${this.exact(row[key])}`);
        return parts.join(", ");
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    exact(amount) {
        return moneyToTheCent(amount, this.props.currencyId);
    }
}
