import { registry } from "@web/core/registry";
import { SelectionField, selectionField } from "@web/views/fields/selection/selection_field";

/** A choice that stands for everything when nothing is chosen, and says so. */
export class CreditAny extends SelectionField {
    get string() {
        return super.string || this.props.placeholder || "";
    }
}

registry.category("fields").add("credit_any", {
    ...selectionField,
    component: CreditAny,
});
