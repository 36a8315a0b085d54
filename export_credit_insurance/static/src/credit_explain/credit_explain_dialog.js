import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";
import { Component, onWillStart } from "@odoo/owl";

/**
 * What a buyer's figures are made of, down to the documents.
 *
 * `section` names the figure that opens first: exposure, eligible, covered, uncovered
 * or headroom.
 */
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
        onWillStart(async () => {
            this.explanation = await this.orm.call("res.partner", "credit_explanation", [
                [this.props.partnerId],
            ]);
        });
    }

    get title() {
        return _t("Breakdown of %s", this.props.partnerName);
    }

    get sections() {
        return this.explanation.sections.filter((section) => section.rows.length);
    }

    /** The components of the exposure, which have a total of their own. */
    get components() {
        return this.sections.filter((section) => section.group === "exposure");
    }

    get figures() {
        return this.sections.filter((section) => section.group !== "exposure");
    }

    get isEmpty() {
        return !this.sections.some((section) => section.amount);
    }

    isOpen(section) {
        const wanted = this.props.section === "uncovered" ? "covered" : this.props.section;
        return section.group === wanted;
    }

    money(amount, currencyId = this.explanation.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    /** A figure kept in the limit's currency, as the company's screens show it. */
    companyMoney(section) {
        const isForeign = section.currency_id !== this.explanation.currency_id;
        const amount = this.explanation[section.key];
        return isForeign && amount !== undefined ? `(${this.money(amount)})` : "";
    }

    /** The amount of the document, where it is in another currency. */
    documentMoney(row, section) {
        const currencyId = row.document_currency_id;
        const isForeign = currencyId && currencyId !== section.currency_id;
        return isForeign ? this.money(row.document_amount, currencyId) : "";
    }

    day(value) {
        return value ? formatDate(deserializeDate(value)) : "";
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
