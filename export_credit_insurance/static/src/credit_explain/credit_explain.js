import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

import { CreditExplainDialog } from "./credit_explain_dialog";

/**
 * A small button that opens what a buyer's figure is made of.
 *
 * Options: `section`, the key of the section to open; `partner_field`, the field that
 * names the buyer where the record is not the buyer itself; `label`, to show the word
 * beside the icon.
 */
export class CreditExplain extends Component {
    static template = "export_credit_insurance.CreditExplain";
    static props = {
        ...standardWidgetProps,
        section: { type: String, optional: true },
        partnerField: { type: String, optional: true },
        withLabel: { type: Boolean, optional: true },
    };

    setup() {
        this.dialog = useService("dialog");
    }

    get partner() {
        const { data, resId } = this.props.record;
        if (this.props.partnerField) {
            const partner = data[this.props.partnerField];
            return { id: partner?.id, name: partner?.display_name || "" };
        }
        return { id: resId, name: data.display_name || data.name || "" };
    }

    onClick() {
        this.dialog.add(CreditExplainDialog, {
            partnerId: this.partner.id,
            partnerName: this.partner.name,
            section: this.props.section,
        });
    }
}

export const creditExplain = {
    component: CreditExplain,
    extractProps: ({ options }) => ({
        section: options.section,
        partnerField: options.partner_field,
        withLabel: Boolean(options.label),
    }),
};

registry.category("view_widgets").add("credit_explain", creditExplain);
