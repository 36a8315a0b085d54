import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { daysLeft, money } from "../dashboard_format";

/** What the insurer expects within the next days; what was missed comes first, loudly. */
export class CreditDue extends Component {
    static template = "export_credit_insurance.CreditDue";
    static components = { CreditOpen, CreditPanel };
    static props = { deadlines: Object, currencyId: Number };

    get title() {
        return _t("The insurer's deadlines, next %s days", this.props.deadlines.days);
    }

    get missed() {
        const { missed } = this.props.deadlines;
        return missed === 1
            ? _t("1 deadline was missed: the cover of that invoice may be lost.")
            : _t("%s deadlines were missed: the cover of those invoices may be lost.", missed);
    }

    get all() {
        return _t("All %s", this.props.deadlines.count);
    }

    amount(row) {
        return money(row.amount, row.currency_id || this.props.currencyId);
    }

    day(text) {
        return formatDate(deserializeDate(text));
    }

    left({ days_left: days, urgency }) {
        const left = daysLeft(days);
        return urgency === "missed" ? _t("Missed, %s", left) : left;
    }
}
