import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { formatPercentage } from "@web/views/fields/formatters";

/** Below this, whole units would say nothing. */
const SMALL = 1;

/** The parts that an exposure is split into, in the order of the bars. */
export const PARTS = ["covered", "own_risk", "uncovered"];

/** An amount in whole units: what is read at a glance. */
export function money(amount, currencyId) {
    const isSmall = amount && Math.abs(amount) < SMALL;
    return formatCurrency(amount, currencyId, isSmall ? {} : { digits: [16, 0] });
}

/** An amount to the cent, for titles. */
export function moneyToTheCent(amount, currencyId) {
    return formatCurrency(amount, currencyId);
}

/** An amount in thousands or millions, for axes. */
export function moneyInShort(amount, currencyId) {
    const decimals = amount >= 1000000 && amount % 1000000 ? 1 : 0;
    return formatCurrency(amount, currencyId, { digits: [16, decimals], humanReadable: true });
}

/** A share of 0 to 1 as whole percents; "<1%" and ">99%" tell it from nothing and all. */
export function percent(share) {
    const whole = (value) => formatPercentage(value, { digits: [16, 0] });
    if (share > 0 && share < 0.005) {
        return _t("under %s", whole(0.01));
    }
    if (share > 0.995 && share < 1) {
        return _t("over %s", whole(0.99));
    }
    return whole(share);
}

/** How far a day is, in words. */
export function daysLeft(days) {
    if (days < 0) {
        return days === -1 ? _t("1 day late") : _t("%s days late", -days);
    }
    if (days < 2) {
        return days ? _t("tomorrow") : _t("today");
    }
    return _t("in %s days", days);
}

/** The segments of a bar: what an exposure consists of, as shares of a whole. */
export function segments(row, whole) {
    return PARTS.map((key) => ({
        key,
        amount: row[key],
        width: whole > 0 ? Math.min((100 * Math.max(row[key], 0)) / whole, 100) : 0,
    })).filter((segment) => segment.width > 0);
}
