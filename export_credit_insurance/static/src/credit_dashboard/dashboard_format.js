import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";

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
    return percents([share])[0];
}

/**
 * Shares of one whole, shown side by side: as whole percents that add up. The unit that is
 * missing when each is cut goes to those that lost most by it.
 */
export function percents(shares) {
    const exact = shares.map((share) => Number((100 * share).toFixed(6)));
    const whole = exact.map(Math.floor);
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    const missing = Math.round(sum(exact)) - sum(whole);
    const lost = (place) => exact[place] - whole[place];
    const byLoss = exact.map((_, place) => place).sort((a, b) => lost(b) - lost(a));
    for (const place of byLoss.slice(0, missing)) {
        whole[place] += 1;
    }
    return whole.map((number, place) => percentText(number, exact[place]));
}

function percentText(number, exact) {
    // as the reader's language has it: 66%, 66 %
    const language = new Intl.NumberFormat(user.lang, { style: "percent" });
    const text = (value) => language.format(value / 100);
    if (!number && exact > 0) {
        return _t("under %s", text(1));
    }
    if (number === 100 && exact < 100) {
        return _t("over %s", text(99));
    }
    return text(number);
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
