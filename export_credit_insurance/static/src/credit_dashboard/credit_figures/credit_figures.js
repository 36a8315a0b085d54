import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { CreditOpen } from "../credit_panel/credit_panel";
import { money, moneyToTheCent, PARTS, percents, segments } from "../dashboard_format";

/** From this share on, a part of the bar has room for its own percents. */
const ROOM_FOR_TEXT = 9;

/** What is at stake and who bears it: one sentence, one bar, four figures. */
export class CreditFigures extends Component {
    static template = "export_credit_insurance.CreditFigures";
    static components = { CreditOpen };
    static props = { figures: Array, currencyId: Number };

    get byKey() {
        return Object.fromEntries(this.props.figures.map((figure) => [figure.key, figure]));
    }

    /** The shares of the parts as they are shown everywhere here: they add up. */
    get shareTexts() {
        const texts = percents(PARTS.map((key) => this.byKey[key].share));
        return Object.fromEntries(PARTS.map((key, place) => [key, texts[place]]));
    }

    get sentence() {
        const { exposure, uncovered } = this.byKey;
        if (!exposure.amount) {
            return _t("No exposure: nothing is owed and nothing is on order.");
        }
        const insured = this.shareTexts.covered;
        if (!uncovered.amount) {
            return _t("Insurers bear %s of the exposure, and all is authorised.", insured);
        }
        return _t(
            "Insurers bear %(share)s of the exposure; %(amount)s is beyond the authorised credit.",
            { share: insured, amount: this.money(uncovered.amount) }
        );
    }

    get segments() {
        const amounts = Object.fromEntries(PARTS.map((key) => [key, this.byKey[key].amount]));
        const whole = PARTS.reduce((sum, key) => sum + Math.max(amounts[key], 0), 0);
        const texts = this.shareTexts;
        return segments(amounts, whole).map((segment) => ({
            ...segment,
            text: segment.width >= ROOM_FOR_TEXT ? texts[segment.key] : "",
        }));
    }

    get barLabel() {
        const texts = this.shareTexts;
        return PARTS.map((key) => {
            const { label, amount } = this.byKey[key];
            return `${label}: ${this.money(amount)} (${texts[key]})`;
        }).join(", ");
    }

    /** How a figure moved since the last recorded month, and whether that is good. */
    change({ key, change, since }) {
        if (!change) {
            return null;
        }
        const values = {
            amount: this.money(Math.abs(change)),
            day: formatDate(deserializeDate(since)),
        };
        const isGood = key === "exposure" ? null : key === "covered" ? change > 0 : change < 0;
        return {
            icon: change > 0 ? "fa-caret-up" : "fa-caret-down",
            tone: isGood === null ? "" : isGood ? "o_credit_good" : "o_credit_bad",
            text:
                change > 0
                    ? _t("%(amount)s more than on %(day)s", values)
                    : _t("%(amount)s less than on %(day)s", values),
        };
    }

    share({ key }) {
        return key === "exposure" ? "" : _t("%s of the exposure", this.shareTexts[key]);
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    exact(amount) {
        return moneyToTheCent(amount, this.props.currencyId);
    }
}
