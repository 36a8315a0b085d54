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

    used(row) {
        const currencyId = row.currency_id || this.props.currencyId;
        return _t("%(used)s of %(limit)s", {
            used: money(row.used, currencyId),
            limit: money(row.limit, currencyId),
        });
    }

    amount(row) {
        return money(row.amount, row.currency_id || this.props.currencyId);
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
