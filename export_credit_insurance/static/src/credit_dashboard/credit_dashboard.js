import { Component, onWillStart, useRef, useState, useSubEnv } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CreditCounters } from "./credit_counters/credit_counters";
import { CreditDue } from "./credit_due/credit_due";
import { CreditEffect } from "./credit_effect/credit_effect";
import { CreditFigures } from "./credit_figures/credit_figures";
import { CreditHolds } from "./credit_holds/credit_holds";
import { CreditLimits } from "./credit_limits/credit_limits";
import { CreditMap } from "./credit_map/credit_map";
import { useDashboardServer } from "./credit_panel/credit_panel";
import { CreditSetup } from "./credit_setup/credit_setup";
import { CreditSplit } from "./credit_split/credit_split";
import { CreditTop } from "./credit_top/credit_top";
import { CreditTrend } from "./credit_trend/credit_trend";

/**
 * The company's position on one page, each figure a way to the list that sums to it.
 *
 * One call of the server brings everything; a past month's end shows what was recorded
 * on that day, so what exists today only (holds, deadlines, limits, ...) is left out.
 */
export class CreditDashboard extends Component {
    static template = "export_credit_insurance.CreditDashboard";
    static components = {
        CreditCounters,
        CreditDue,
        CreditEffect,
        CreditFigures,
        CreditHolds,
        CreditLimits,
        CreditMap,
        CreditSetup,
        CreditSplit,
        CreditTop,
        CreditTrend,
        Layout,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.server = useDashboardServer();
        this.keepLast = new KeepLast();
        this.root = useRef("root");
        this.display = { controlPanel: {} };
        this.filters = this.props.state?.filters || { company_id: false, date: false };
        this.state = useState({ data: null });
        useSubEnv({ openFigure: this.openFigure.bind(this) });
        useSetupAction({ rootRef: this.root, getLocalState: () => ({ filters: this.filters }) });
        this.asked = this.filters;
        onWillStart(() => this.load());
    }

    /** Read what is asked for; only what was read is what the page shows. */
    async load() {
        const asked = this.asked;
        this.state.data = await this.keepLast.add(this.server.read(asked));
        this.filters = asked;
    }

    /** Ask for another company or day; if that fails, the choice is that of the figures. */
    async choose(changed) {
        this.asked = { ...this.asked, ...changed };
        try {
            await this.load();
        } catch (error) {
            this.asked = this.filters;
            this.render();
            throw error;
        }
    }

    openFigure(open, ev) {
        const newWindow = Boolean(ev?.ctrlKey || ev?.metaKey);
        return this.server.open(open, { newWindow });
    }

    get data() {
        return this.state.data;
    }

    get title() {
        const day = formatDate(deserializeDate(this.data.date));
        return this.data.is_today
            ? _t("%(company)s, today, %(day)s", { company: this.data.company.name, day })
            : _t("%(company)s, as recorded on %(day)s", {
                  company: this.data.company.name,
                  day,
              });
    }

    /** Without a policy and without exposure there is nothing to show yet. */
    get isEmpty() {
        const { setup, figures, policies } = this.data;
        const isZero = figures.every((figure) => !figure.amount);
        return Boolean(setup) && !setup.done && isZero && !policies?.length;
    }

    /** What the parts of the exposure are called, in the server's words. */
    get labels() {
        return Object.fromEntries(this.data.figures.map(({ key, label }) => [key, label]));
    }

    /** The split by insurer, which fills the shorter column: it depends on the day. */
    get insurersProps() {
        return {
            name: "insurers",
            title: _t("By insurer"),
            what: _t("Insurer"),
            rows: this.data.insurers,
            labels: this.labels,
            currencyId: this.data.currency_id,
        };
    }

    get openUncovered() {
        return this.data.figures.find(({ key }) => key === "uncovered")?.open || null;
    }

    onCompany(ev) {
        return this.choose({ company_id: Number(ev.target.value), date: false });
    }

    onDate(ev) {
        return this.choose({ date: ev.target.value || false });
    }

    print() {
        window.print();
    }
}

registry.category("lazy_components").add("CreditDashboard", CreditDashboard);
