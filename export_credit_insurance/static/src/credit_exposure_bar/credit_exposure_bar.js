import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

import { CreditBar } from "../credit_bar/credit_bar";

/**
 * Split a buyer's exposure into what the insurer bears, what the company bears within
 * the authorised credit, and what goes beyond it. The three always sum to the exposure.
 */
export function splitExposure({ exposure, covered, headroom }) {
    const owed = Math.max(exposure, 0);
    const insured = Math.min(Math.max(covered, 0), owed);
    const over = Math.min(Math.max(-headroom, 0), owed - insured);
    return { insured, own: owed - insured - over, over, free: Math.max(headroom, 0) };
}

export class CreditExposureBar extends Component {
    static template = "export_credit_insurance.CreditExposureBar";
    static components = { CreditBar };
    static props = {
        ...standardWidgetProps,
        compact: { type: Boolean, optional: true },
    };

    get parts() {
        const { credit_exposure, credit_covered, credit_headroom, cover_state } =
            this.props.record.data;
        const split = splitExposure({
            exposure: credit_exposure,
            covered: credit_covered,
            headroom: credit_headroom,
        });
        const isInsured = cover_state !== "not_insured";
        const parts = [
            this.part("insured", _t("Covered"), split.insured, "success"),
            this.part("own", _t("At own risk"), split.own, "warning"),
            isInsured
                ? this.part("over", _t("Over the limit"), split.over, "danger")
                : this.part("over", _t("Not Insured"), split.over, "neutral"),
            this.part("free", _t("Headroom"), split.free, "free"),
        ];
        // while cover is stopped the headroom insures nothing: it is not shown
        const shown = cover_state === "stopped" ? parts.slice(0, -1) : parts;
        return shown.filter((part) => part.key === "insured" || part.value);
    }

    part(key, label, value, tone) {
        const currencyId = this.props.record.data.currency_id?.id;
        return { key, label, value, tone, text: formatMonetary(value, { currencyId }) };
    }

    get label() {
        return _t("Exposure of the buyer");
    }
}

export const creditExposureBar = {
    component: CreditExposureBar,
    extractProps: ({ options }) => ({ compact: Boolean(options.compact) }),
    fieldDependencies: [
        { name: "credit_exposure", type: "monetary" },
        { name: "credit_covered", type: "monetary" },
        { name: "credit_headroom", type: "monetary" },
        { name: "cover_state", type: "selection" },
        { name: "currency_id", type: "many2one" },
    ],
};

registry.category("view_widgets").add("credit_exposure_bar", creditExposureBar);
