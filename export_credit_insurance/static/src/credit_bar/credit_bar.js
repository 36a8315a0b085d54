import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/**
 * A stacked horizontal bar with its legend in words, for readers who see no colours.
 *
 * Each part says what it is, how much it is, and whether it is good news:
 * `success`, `info`, `warning`, `danger`, `neutral`, or `free` for what is still empty.
 */
export class CreditBar extends Component {
    static template = "export_credit_insurance.CreditBar";
    static props = {
        label: String,
        parts: {
            type: Array,
            element: {
                type: Object,
                shape: { key: String, label: String, text: String, value: Number, tone: String },
            },
        },
        compact: { type: Boolean, optional: true },
    };
    static defaultProps = { compact: false };

    get segments() {
        const shown = this.props.parts.filter((part) => part.value > 0);
        const total = shown.reduce((sum, part) => sum + part.value, 0);
        return shown.map((part) => ({ ...part, width: (100 * part.value) / total }));
    }

    get description() {
        const parts = this.props.parts.map((part) => `${part.label} ${part.text}`);
        return _t("%(label)s: %(values)s", {
            label: this.props.label,
            values: parts.join(", "),
        });
    }
}
