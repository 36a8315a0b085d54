import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineActions,
    getService,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import { Component, xml } from "@odoo/owl";

describe.current.tags("desktop");

const button = (label, method, confirm = "") => ({ label, method, confirm });
const row = (id, label, more = {}) => ({
    id,
    label,
    model: "credit.insurance.hold",
    company_id: 1,
    detail: "Over the Limit",
    date: "2026-11-24",
    urgency: "today",
    amount: 45000,
    currency_id: 1,
    buttons: [],
    open: { model: "credit.insurance.hold", id },
    ...more,
});
const holds = () => ({
    key: "holds",
    title: "Holds to Decide",
    empty: "No order waits for your decision.",
    count: 2,
    rows: [
        row(7, "S00042, ALFA", {
            urgency: "late",
            buttons: [button("Release", "action_release"), button("Refuse", "action_refuse")],
        }),
        row(8, "S00043, BETA", { urgency: "", amount: null, currency_id: false }),
    ],
});
const promises = () => ({
    key: "promises",
    title: "Promises",
    empty: "None.",
    count: 2,
    rows: [row(1, "ALFA", { date: "2026-11-26" }), row(2, "BETA", { date: "2026-11-20" })],
});
const mails = () => ({
    key: "mails",
    title: "Mails That May Have Arrived",
    empty: "Every mail has arrived.",
    count: 1,
    rows: [
        row(9, "GAMMA", {
            model: "credit.followup.unknown.mail",
            buttons: [button("Send Again", "action_send_again", "Have you looked?")],
        }),
    ],
});
const nothing = (section) => ({ ...section, count: 0, rows: [] });

class Elsewhere extends Component {
    static template = xml`<div class="o_elsewhere" t-esc="props.action.name"/>`;
    static props = ["*"];
}

/** Open My Day; the n-th reading gets the n-th of the days, later ones the last. */
async function openDay(...days) {
    defineMailModels();
    registry.category("actions").add("elsewhere", Elsewhere, { force: true });
    let reading = 0;
    onRpc("credit.insurance.my.day", "get_my_day", ({ kwargs: { keys } }) => {
        expect.step(keys ? `read ${keys}` : "read");
        const day = days[Math.min(reading++, days.length - 1)];
        const sections = day.filter(({ key }) => !keys || keys.includes(key));
        const count = sections.reduce((sum, section) => sum + section.count, 0);
        return { date: "2026-11-26", name: "Carl", count, sections };
    });
    onRpc("credit.insurance.my.day", "get_action", ({ args: [key] }) => {
        expect.step(`list ${key}`);
        return { type: "ir.actions.client", tag: "elsewhere", name: `List of ${key}` };
    });
    defineActions([
        { id: 1, name: "My Day", type: "ir.actions.client", tag: "credit_insurance_my_day" },
    ]);
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await animationFrame();
}

test("what waits since another day is not called today's", async () => {
    await openDay([promises()]);
    expect.verifySteps(["read"]);
    expect(queryAllTexts(".o_credit_day_urgency")).toEqual(["Today", "To Do"]);
});

test("a day to act by stands alone, one since which it waits says so", async () => {
    const rows = [row(1, "ALFA"), row(2, "BETA", { is_since: true })];
    await openDay([{ ...holds(), rows }]);
    expect.verifySteps(["read"]);
    expect(queryAllTexts(".o_credit_day_when span:not(.badge)")).toEqual([
        "11/24/2026",
        "since 11/24/2026",
    ]);
});

test("the day, its sections and rows", async () => {
    await openDay([holds(), nothing(mails())]);
    expect.verifySteps(["read"]);
    expect(".o_credit_day h1").toHaveText("Thursday, November 26, 2026");
    expect(".o_credit_day_summary").toHaveText("2 things to do");
    const rows = ".o_credit_day_holds li";
    expect(queryAllTexts(`${rows} .o_credit_day_open`)).toEqual(["S00042, ALFA", "S00043, BETA"]);
    // how pressing it is stands in words; nothing stands where there is nothing to say
    expect(queryAllTexts(".o_credit_day_urgency")).toEqual(["Late"]);
    expect(queryAllTexts(".o_credit_day_amount")).toEqual(["$ 45,000.00", ""]);
    expect(".o_credit_day_mails").toHaveCount(0);
    expect(queryAllTexts(".o_credit_day_nothing li")).toEqual(["Every mail has arrived."]);
    expect(queryOne("button[name='action_release']").getAttribute("aria-label")).toBe(
        "Release: S00042, ALFA"
    );
});

test("nothing to do at all", async () => {
    await openDay([nothing(holds())]);
    expect.verifySteps(["read"]);
    expect(".o_credit_day_summary").toHaveText("Nothing to do today.");
    expect(".o_credit_day_rows").toHaveCount(0);
});

test("a button calls the document's method, then the day is read again", async () => {
    onRpc("credit.insurance.hold", "action_refuse", ({ args, kwargs }) => {
        expect.step(`refuse ${args[0]} in ${kwargs.context.allowed_company_ids}`);
        return true;
    });
    await openDay([holds()], [{ ...holds(), count: 1, rows: [holds().rows[1]] }]);
    await contains("button[name='action_refuse']").click();
    await animationFrame();
    expect.verifySteps(["read", "refuse 7 in 1", "read holds"]);
    expect(".o_credit_day_summary").toHaveText("1 thing to do");
    expect(".o_credit_day [role='status']").toHaveText("Done: Refuse: S00042, ALFA");
    expect(".o_credit_day h1").toBeFocused();
});

test("of the slow sections only the one pressed is read again", async () => {
    onRpc("credit.insurance.hold", "action_refuse", () => true);
    onRpc("credit.insurance.deadline", "action_record_extension", () => true);
    const slow = (key, name, rows) => ({
        key,
        title: name,
        empty: `No ${name}`,
        is_slow: true,
        count: rows.length,
        rows,
    });
    const extend = button("Record Extension", "action_record_extension");
    const late = row(5, "DELTA", { model: "credit.insurance.deadline", buttons: [extend] });
    const deadlines = slow("deadlines", "Deadlines", [late]);
    const buyers = slow("buyers", "Buyers", [row(6, "BETA", { model: "res.partner" })]);
    const day = [holds(), deadlines, buyers];
    const decided = [nothing(holds()), deadlines, buyers];
    await openDay(day, decided, [nothing(holds()), nothing(deadlines), buyers]);
    expect(".o_credit_day_summary").toHaveText("4 things to do");
    await contains("button[name='action_refuse']").click();
    await animationFrame();
    // the others stay as they were read, and count
    expect.verifySteps(["read", "read holds"]);
    expect(".o_credit_day_summary").toHaveText("2 things to do");
    expect(queryAllTexts(".o_credit_day_open")).toEqual(["DELTA", "BETA"]);
    await contains("button[name='action_record_extension']").click();
    await animationFrame();
    expect.verifySteps(["read holds,deadlines"]);
    expect(queryAllTexts(".o_credit_day_open")).toEqual(["BETA"]);
});

test("an action that leads elsewhere is followed", async () => {
    onRpc("credit.insurance.hold", "action_release", () => ({
        type: "ir.actions.client",
        tag: "elsewhere",
        name: "Decide",
    }));
    await openDay([holds()]);
    await contains("button[name='action_release']").click();
    await animationFrame();
    expect(".o_elsewhere").toHaveText("Decide");
    expect.verifySteps(["read"]);
});

test("what cannot be taken back is asked first", async () => {
    onRpc("credit.followup.unknown.mail", "action_send_again", ({ args }) => {
        expect.step(`again ${args[0]}`);
        return true;
    });
    await openDay([mails()], [nothing(mails())]);
    await contains("button[name='action_send_again']").click();
    expect(".modal-body").toHaveText("Have you looked?");
    await contains(".modal-footer .btn-secondary").click();
    expect.verifySteps(["read"]);
    await contains("button[name='action_send_again']").click();
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect.verifySteps(["again 9", "read mails"]);
    expect(".o_credit_day_summary").toHaveText("Nothing to do today.");
});

test("the whole list of a section", async () => {
    await openDay([{ ...holds(), count: 37 }]);
    expect(".o_credit_day_all").toHaveText("All 37");
    expect(".o_credit_day_all").toHaveAttribute("aria-label", "All 37: Holds to Decide");
    await contains(".o_credit_day_all").click();
    await animationFrame();
    expect(".o_elsewhere").toHaveText("List of holds");
    expect.verifySteps(["read", "list holds"]);
});
