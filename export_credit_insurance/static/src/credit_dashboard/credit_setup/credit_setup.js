import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditMeter, CreditOpen } from "../credit_panel/credit_panel";

/**
 * The five steps to a first look at the exposure, and how far one is. Beside figures only
 * the next step is shown, and the others on demand.
 */
export class CreditSetup extends Component {
    static template = "export_credit_insurance.CreditSetup";
    static components = { CreditMeter, CreditOpen };
    static props = { steps: Array, isAlone: Boolean };

    setup() {
        this.state = useState({ showAll: this.props.isAlone });
    }

    get done() {
        return this.props.steps.filter((step) => step.done).length;
    }

    get share() {
        return this.done / this.props.steps.length;
    }

    get progress() {
        return _t("%(done)s of %(all)s steps done", {
            done: this.done,
            all: this.props.steps.length,
        });
    }

    /** The first step that is open is the one to take now. */
    get next() {
        return this.props.steps.find((step) => !step.done)?.key;
    }

    get shown() {
        const { steps } = this.props;
        return this.state.showAll ? steps : steps.filter((step) => step.key === this.next);
    }

    number(step) {
        return this.props.steps.indexOf(step) + 1;
    }

    stateOf(step) {
        if (step.done) {
            return _t("done");
        }
        return step.key === this.next ? _t("next") : _t("to do");
    }

    label(step) {
        return _t("Set up: %s", step.title);
    }
}
