import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, moneyInShort, PARTS, segments } from "../dashboard_format";

const { DateTime } = luxon;
/** Steps of an axis that people can count in. */
const ROUND = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const LINES = 4;

/** The first round number of steps that `LINES` of them reach the amount with. */
export function axisTop(amount) {
    if (amount <= 0) {
        return LINES;
    }
    const step = amount / LINES;
    const power = 10 ** Math.floor(Math.log10(step));
    return LINES * power * ROUND.find((round) => round * power >= step);
}

/** Twelve month ends, stacked by who bears the exposure; also as a table.
 *
 * A month that nobody recorded keeps its place, without figures.
 */
export class CreditTrend extends Component {
    static template = "export_credit_insurance.CreditTrend";
    static components = { CreditOpen, CreditPanel };
    static props = { trend: Object, labels: Object, currencyId: Number };

    setup() {
        this.parts = PARTS;
        this.state = useState({ asTable: false });
    }

    get top() {
        const totals = this.props.trend.months.map((month) => month.exposure);
        return axisTop(Math.max(0, ...totals));
    }

    get lines() {
        return [...Array(LINES + 1).keys()].map((line) => ({
            at: (100 * line) / LINES,
            text: moneyInShort((this.top * line) / LINES, this.props.currencyId),
        }));
    }

    get isEmpty() {
        return !this.props.trend.months.some((month) => month.recorded);
    }

    get months() {
        return this.props.trend.months.map((month, index) => ({
            ...month,
            ...this.name(month, index),
            segments: segments(month, this.top),
            description: this.describe(month),
        }));
    }

    /** What stands below a column: the month, and the year where it begins. */
    name({ date }, index) {
        const day = DateTime.fromISO(date);
        const isFirst = !index || day.month === 1;
        return {
            short: day.toFormat("LLL"),
            narrow: day.toFormat("LLLLL"),
            year: isFirst ? day.toFormat("yyyy") : "",
        };
    }

    describe(month) {
        if (!month.recorded) {
            return _t("%(month)s: not recorded", { month: month.label });
        }
        const figures = ["exposure", ...PARTS].map(
            (key) => `${this.props.labels[key]} ${this.money(month[key])}`
        );
        if (month.note) {
            figures.push(month.note);
        }
        return _t("%(month)s: %(figures)s", {
            month: month.label,
            figures: figures.join(", "),
        });
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }
}
