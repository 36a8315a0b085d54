import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

import { CreditBar } from "../credit_bar/credit_bar";

/**
 * The buyer's authorised credit before and after an order.
 *
 * Reads a Json field: {currency_id, limit, used_before, order, headroom_after, secured,
 * own_risk}, amounts in the limit's currency; `is_stopped` where cover is stopped and
 * nothing of it may be used. Nothing is shown without a value.
 */
export class CreditGauge extends Component {
    static template = "export_credit_insurance.CreditGauge";
    static components = { CreditBar };
    static props = { ...standardFieldProps };

    get gauge() {
        return this.props.record.data[this.props.name];
    }

    get authorised() {
        const { limit, secured, own_risk } = this.gauge;
        return limit + secured + own_risk;
    }

    get isExceeded() {
        return this.gauge.headroom_after < 0;
    }

    /** While cover is stopped nothing is left, whatever the limit. */
    get after() {
        const { headroom_after, is_stopped } = this.gauge;
        if (this.isExceeded) {
            return this.part("over", _t("Exceeded by"), -headroom_after, "danger");
        }
        if (is_stopped) {
            return { ...this.part("stopped", _t("Left after it"), 0, "danger"), text: _t("none") };
        }
        return this.part("left", _t("Left after it"), headroom_after, "free");
    }

    get parts() {
        const { used_before, order } = this.gauge;
        const parts = [
            this.part("used", _t("Used before"), used_before, "neutral"),
            this.part("order", _t("This order"), order, this.isExceeded ? "warning" : "info"),
            this.after,
        ];
        if (this.isExceeded) {
            // within the credit: what was used before, then what is left for this order
            parts[0].value = Math.min(used_before, this.authorised);
            parts[1].value = Math.max(this.authorised - used_before, 0);
        }
        return parts;
    }

    /** What the authorised credit is made of, where it is more than the limit. */
    get detail() {
        const { limit, secured, own_risk } = this.gauge;
        if (!secured && !own_risk) {
            return "";
        }
        const terms = [
            [_t("limit"), limit],
            [_t("securities"), secured],
            [_t("own risk"), own_risk],
        ].filter(([, value]) => value);
        return terms.map(([label, value]) => `${label} ${this.money(value)}`).join(" + ");
    }

    get label() {
        return _t("Authorised credit %s", this.money(this.authorised));
    }

    part(key, label, value, tone) {
        return { key, label, value, tone, text: this.money(value) };
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.gauge.currency_id });
    }
}

export const creditGauge = {
    component: CreditGauge,
    displayName: _t("Credit Gauge"),
    supportedTypes: ["json"],
};

registry.category("fields").add("credit_gauge", creditGauge);
