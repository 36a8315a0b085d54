import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart, useState } from "@odoo/owl";

/** What a buyer's figures are made of, down to the documents. */
export class CreditExplainDialog extends Component {
    static template = "export_credit_insurance.CreditExplainDialog";
    static components = { Dialog };
    static props = {
        partnerId: Number,
        partnerName: String,
        section: { type: String, optional: true },
        close: Function,
    };
    static defaultProps = { section: "" };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ sections: [], currencyId: false });
        onWillStart(async () => {
            const found = await this.orm.call("res.partner", "credit_explanation", [
                [this.props.partnerId],
            ]);
            this.state.currencyId = found.currency_id;
            this.state.sections = found.sections;
        });
    }

    get title() {
        return _t("How the figures of %s come about", this.props.partnerName);
    }

    isOpen(section) {
        return section.key === this.props.section;
    }

    money(amount, currencyId) {
        return formatMonetary(amount, { currencyId: currencyId || this.state.currencyId });
    }

    day(row) {
        return row.date ? formatDate(deserializeDate(row.date)) : "";
    }

    open(row) {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: row.model,
            res_id: row.res_id,
            views: [[false, "form"]],
        });
    }
}
