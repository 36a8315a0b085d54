import { _t } from "@web/core/l10n/translation";
import { moneyInShort } from "../dashboard_format";

export const BANDS = ["low", "medium", "high", "very_high", "none"];

/** By score, not in words: those belong to the buyers' bands, which users define. */
export const bandLabels = () => ({
    low: _t("Score 75 to 100"),
    medium: _t("Score 50 to 75"),
    high: _t("Score 25 to 50"),
    very_high: _t("Score below 25"),
    none: _t("Not rated"),
});

export const statusLabels = () => ({
    restricted: _t("cover restricted"),
    off_cover: _t("off cover"),
    sanctioned: _t("sanctions"),
});

/** Countries where no sale is insured, whatever the buyer's limit: hatched. */
export const CLOSED = ["off_cover", "sanctioned"];

/** How many tones the uncovered amounts are divided into. */
const LEVELS = 4;

/** The largest amount of each tone but the last: round, so that a legend can name it. */
export function thresholds(amounts) {
    const largest = Math.max(0, ...amounts);
    if (!largest) {
        return [];
    }
    // each tone ends at a third of the next one's end: few large amounts stand out
    const ends = [...Array(LEVELS - 1).keys()].map((level) => largest / 3 ** (level + 1));
    const rounded = ends.map((end) => {
        const power = 10 ** Math.floor(Math.log10(end));
        return Math.round(end / power) * power;
    });
    return rounded.reverse();
}

/** 0 where nothing is uncovered, else the tone 1 to 4. */
export function level(amount, ends) {
    return amount > 0 ? 1 + ends.filter((end) => amount > end).length : 0;
}

/** What the tones mean, in words. */
export function levelLegend(ends, currencyId) {
    const short = (amount) => moneyInShort(amount, currencyId);
    const nothing = { tone: "level_0", text: _t("Nothing") };
    if (!ends.length) {
        return [nothing];
    }
    return [
        nothing,
        { tone: "level_1", text: _t("up to %s", short(ends[0])) },
        ...ends.slice(1).map((end, index) => ({
            tone: `level_${index + 2}`,
            text: _t("up to %s", short(end)),
        })),
        { tone: `level_${LEVELS}`, text: _t("more than %s", short(ends.at(-1))) },
    ];
}
