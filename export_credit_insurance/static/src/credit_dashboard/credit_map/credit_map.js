import { Component, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { uniqueId } from "@web/core/utils/functions";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money } from "../dashboard_format";
import {
    bandLabels,
    BANDS,
    CLOSED,
    level,
    levelLegend,
    statusLabels,
    thresholds,
} from "./map_scale";
import { DOTS, MAP_HEIGHT, MAP_WIDTH, SHAPES } from "./world_shapes";

/** West of this there are islands of the Pacific alone: they stand beside the map. */
const WEST = 280;
/** Parts of the map to look at more closely: x, y, width and height. */
const VIEWS = {
    world: [WEST, 0, MAP_WIDTH - WEST, MAP_HEIGHT],
    europe: [1640, 60, 760, 400],
    africa: [1500, 380, 1080, 1180],
    asia: [2200, 180, 1500, 1000],
    america: [330, 40, 1320, 1740],
};
const LONGEST_GRADE = 4;
/** The keys that lead from one country to the next. */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * The countries where buyers are, coloured by the country's risk or by what is uncovered
 * there. A click or Enter opens the buyers; arrows lead from country to country, the
 * largest exposure first.
 */
export class CreditMap extends Component {
    static template = "export_credit_insurance.CreditMap";
    static components = { CreditOpen, CreditPanel };
    static props = { countries: Array, labels: Object, currencyId: Number };

    setup() {
        this.shapes = Object.entries(SHAPES);
        this.bandLabels = bandLabels();
        this.statusLabels = statusLabels();
        this.hatch = uniqueId("o_credit_hatch_");
        this.hatched = `url(#${this.hatch})`;
        this.map = useRef("map");
        this.state = useState({
            by: "risk",
            view: "world",
            asTable: false,
            current: null,
            tip: null,
        });
        onWillUpdateProps(() => this.hideTip());
        useEffect(
            (code) => {
                if (code && this.map.el?.contains(document.activeElement)) {
                    this.map.el.querySelector(`[data-code="${code}"]`)?.focus();
                }
            },
            () => [this.state.current]
        );
    }

    /** Which end of the scores is the good one. */
    get note() {
        return this.state.by === "risk" ? _t("Country scores: 100 is the best") : undefined;
    }

    get views() {
        return [
            ["world", _t("World")],
            ["europe", _t("Europe")],
            ["africa", _t("Africa and Middle East")],
            ["asia", _t("Asia and Pacific")],
            ["america", _t("Americas")],
        ];
    }

    get viewBox() {
        return VIEWS[this.state.view].join(" ");
    }

    /** Lines and dots keep their size on the screen when a part is looked at closely. */
    get scale() {
        return VIEWS[this.state.view][2] / MAP_WIDTH;
    }

    /** Countries with exposure, the largest first. */
    get countries() {
        return this.props.countries
            .filter((country) => country.exposure || country.uncovered || country.buyers)
            .sort((one, other) => other.exposure - one.exposure)
            .map((country) => ({
                ...country,
                tone: this.tone(country),
                shape: SHAPES[country.code],
                dot: this.dot(country),
                isClosed: CLOSED.includes(country.status),
                risk: this.risk(country),
                description: this.describe(country),
            }));
    }

    dot({ code }) {
        const dot = DOTS[code];
        return dot && dot[0] > WEST ? dot : undefined;
    }

    get drawn() {
        return this.countries.filter((country) => country.shape || country.dot);
    }

    get missing() {
        return this.countries.filter((country) => !country.shape && !country.dot);
    }

    /** The shapes behind: countries where nobody owes anything. */
    get pale() {
        const codes = new Set(this.countries.map((country) => country.code));
        return this.shapes.filter(([code]) => !codes.has(code));
    }

    get ends() {
        return thresholds(this.props.countries.map((country) => country.uncovered));
    }

    tone(country) {
        if (this.state.by === "risk") {
            return `band_${country.band || "none"}`;
        }
        return `level_${level(country.uncovered, this.ends)}`;
    }

    get legend() {
        const shown = new Set(this.countries.map((country) => country.tone));
        const entries =
            this.state.by === "risk"
                ? BANDS.map((band) => ({ tone: `band_${band}`, text: this.bandLabels[band] }))
                : levelLegend(this.ends, this.props.currencyId);
        return entries.filter(({ tone }) => !tone.endsWith("none") || shown.has(tone));
    }

    get hasClosed() {
        return this.countries.some((country) => country.isClosed);
    }

    /** "Score below 25 (grade 6), off cover". */
    risk({ band, grade, score, status }) {
        const label = this.bandLabels[band] || this.bandLabels.none;
        const closed = this.statusLabels[status];
        const rated = grade ? this.rated(label, grade, score) : label;
        return closed ? `${rated}, ${closed}` : rated;
    }

    /** Grades are letters and digits; what a source names by a long code is told as score. */
    rated(risk, grade, score) {
        return grade.length <= LONGEST_GRADE
            ? _t("%(risk)s (grade %(grade)s)", { risk, grade })
            : _t("%(risk)s (%(score)s of 100)", { risk, score: Math.round(score) });
    }

    buyers({ buyers }) {
        return buyers === 1 ? _t("1 buyer") : _t("%s buyers", buyers);
    }

    describe(country) {
        return [
            country.name,
            this.risk(country),
            this.buyers(country),
            ...["exposure", "covered", "uncovered"].map(
                (key) => `${this.props.labels[key]} ${this.money(country[key])}`
            ),
        ].join(", ");
    }

    money(amount) {
        return money(amount, this.props.currencyId);
    }

    /** Only one country is a stop of the Tab key: the one that was looked at last. */
    get tabStop() {
        const codes = this.drawn.map(({ code }) => code);
        return codes.includes(this.state.current) ? this.state.current : codes[0];
    }

    onKeydown(country, ev) {
        const codes = this.drawn.map(({ code }) => code);
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            this.openCountry(country, ev);
        } else if (ev.key in STEPS) {
            ev.preventDefault();
            const next = codes.indexOf(country.code) + STEPS[ev.key] + codes.length;
            this.state.current = codes[next % codes.length];
        } else if (ev.key === "Escape") {
            this.hideTip();
        }
    }

    openCountry(country, ev) {
        return country.open && this.env.openFigure(country.open, ev);
    }

    showTip(country, ev) {
        const around = this.map.el.getBoundingClientRect();
        const shape = ev.currentTarget.getBoundingClientRect();
        const inside = (value, least, most) => Math.min(Math.max(value, least), most);
        const x = shape.x + shape.width / 2 - around.x;
        const y = shape.y + shape.height / 2 - around.y;
        this.state.tip = {
            country,
            x: inside(x, 110, around.width - 110),
            y: inside(y, 0, around.height),
            isBelow: y < around.height / 2,
        };
    }

    /** Beside the country, above or below it; in places of the screen, whatever the script. */
    get tipStyle() {
        const { x, y, isBelow } = this.state.tip;
        const distance = isBelow ? "1rem" : "calc(-100% - 1rem)";
        return `left: ${x}px; top: ${y}px; transform: translate(-50%, ${distance});`;
    }

    hideTip() {
        this.state.tip = null;
    }
}
