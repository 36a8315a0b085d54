import { Component } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { CreditMeter, CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, percent } from "../dashboard_format";

/** Limits that end soon, and limits that are nearly used up. */
export class CreditLimits extends Component {
    static template = "export_credit_insurance.CreditLimits";
    static components = { CreditMeter, CreditOpen, CreditPanel };
    static props = { limits: Object, currencyId: Number };

    amounts(row) {
        const currencyId = row.currency_id || this.props.currencyId;
        return { used: money(row.used, currencyId), limit: money(row.limit, currencyId) };
    }

    used(row) {
        return _t("%(used)s of %(limit)s", this.amounts(row));
    }

    /** Of a limit that ends, what is used of it is what matters. */
    inUse(row) {
        return _t("%(used)s used of %(limit)s", this.amounts(row));
    }

    day(text) {
        return text ? formatDate(deserializeDate(text)) : "";
    }

    share(share) {
        return percent(share);
    }

    all(count) {
        return _t("All %s", count);
    }
}
