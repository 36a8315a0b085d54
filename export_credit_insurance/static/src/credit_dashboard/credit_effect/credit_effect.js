import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditMeter, CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, percent } from "../dashboard_format";

/** What follow-up brings: how fast buyers pay, what is overdue, what each step brings in. */
export class CreditEffect extends Component {
    static template = "export_credit_insurance.CreditEffect";
    static components = { CreditMeter, CreditOpen, CreditPanel };
    static props = { followup: Object, currencyId: Number };

    get dso() {
        const days = Math.round(this.props.followup.dso_days);
        return days === 1 ? _t("1 day") : _t("%s days", days);
    }

    get overdue() {
        return money(this.props.followup.overdue_amount, this.props.currencyId);
    }

    get overdueShare() {
        return _t("%s of the open invoices", percent(this.props.followup.overdue_share));
    }

    paid(step) {
        return _t("%(share)s paid within %(days)s days", {
            share: percent(step.paid_share),
            days: step.days,
        });
    }

    reminders({ reminders }) {
        return reminders === 1 ? _t("1 reminder") : _t("%s reminders", reminders);
    }
}
