import { Component, xml } from "@odoo/owl";
import { LazyComponent } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The dashboard: its map and charts are fetched only by those who open it. */
export class CreditDashboardAction extends Component {
    static template = xml`
        <LazyComponent bundle="'export_credit_insurance.assets_dashboard'"
                       Component="'CreditDashboard'" props="props"/>`;
    static components = { LazyComponent };
    static props = { ...standardActionServiceProps };
}

registry.category("actions").add("credit_insurance_dashboard", CreditDashboardAction);
