import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money } from "../dashboard_format";

/** Orders that wait for a decision, the oldest first. */
export class CreditHolds extends Component {
    static template = "export_credit_insurance.CreditHolds";
    static components = { CreditOpen, CreditPanel };
    static props = { holds: Object, currencyId: Number };

    get note() {
        const { count, amount } = this.props.holds;
        return count ? money(amount, this.props.currencyId) : "";
    }

    amount(row) {
        return money(row.amount, row.currency_id || this.props.currencyId);
    }

    age({ age_days: days }) {
        if (days < 1) {
            return _t("since today");
        }
        return days === 1 ? _t("for 1 day") : _t("for %s days", days);
    }

    all(count) {
        return _t("All %s", count);
    }
}
