import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, getFixture } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    defineActions,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { Layout } from "@web/search/layout";
import { WebClient } from "@web/webclient/webclient";
import { Component, xml } from "@odoo/owl";

import { dashboard } from "./dashboard_data";

/** What a screen reader says of an element, with plain spaces. */
export const spoken = (selector) =>
    queryOne(selector).getAttribute("aria-label").replaceAll("\u00a0", " ");

/** A month's end that the server cannot show. */
export const UNREADABLE = "2026-09-30";

/** Stands for the list behind a figure. */
class BehindFigure extends Component {
    static template = xml`
        <div class="o_action">
            <Layout display="{ controlPanel: {} }">
                <div class="o_behind" t-esc="props.action.name"/>
                <div class="o_behind_help" t-out="props.action.help"/>
            </Layout>
        </div>`;
    static components = { Layout };
    static props = ["*"];
}

/**
 * Open the dashboard on what the server would send. The calls are steps to verify:
 * "read DATE", "open KEY PARAMS".
 *
 * @param {Object} changed replaces parts of the answer
 */
export async function openDashboard(changed = {}) {
    defineMailModels();
    registry.category("actions").add("behind_figure", BehindFigure, { force: true });
    onRpc("credit.insurance.dashboard", "get_dashboard", ({ args: [filters] }) => {
        expect.step(`read ${filters.company_id} ${filters.date}`);
        if (filters.date === UNREADABLE) {
            throw makeServerError({ message: "Not this day" });
        }
        const answer = { ...dashboard(), ...changed };
        if (!filters.date) {
            return answer;
        }
        const nothing = ["setup", "limits", "holds", "deadlines", "followup", "policies"];
        const past = Object.fromEntries(nothing.map((section) => [section, null]));
        return { ...answer, ...past, date: filters.date, is_today: false };
    });
    onRpc("credit.insurance.dashboard", "get_action", ({ args: [key, params] }) => {
        expect.step(`open ${key} ${JSON.stringify(params)}`);
        const help = `<p>About <em>${key}</em></p>`;
        return { type: "ir.actions.client", tag: "behind_figure", name: `Behind ${key}`, help };
    });
    defineActions([
        {
            id: 1,
            name: "Dashboard",
            type: "ir.actions.client",
            tag: "credit_insurance_dashboard",
            xml_id: "dashboard",
        },
    ]);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await animationFrame();
    return getFixture();
}
