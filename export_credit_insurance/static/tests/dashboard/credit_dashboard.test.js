import { describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts, queryOne, queryText } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains } from "@web/../tests/web_test_helpers";

import { dashboard } from "./dashboard_data";
import { openDashboard, spoken, UNREADABLE } from "./dashboard_helpers";

describe.current.tags("desktop");

const DONE = { setup: { done: true, steps: [] } };
const widthOf = (selector) => parseFloat(queryOne(selector).style.width);

test("the four figures: a sentence, a bar, amounts and shares", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    expect("h1").toHaveText("Atelier Mercier SAS, today, 11/26/2026");
    expect(".o_credit_sentence").toHaveText(
        "Insurers bear 73% of the exposure; $ 350,230 is beyond the authorised credit."
    );
    expect(queryAllTexts(".o_credit_tile_amount")).toEqual([
        "$ 2,278,021",
        "$ 1,648,621",
        "$ 279,171",
        "$ 350,230",
    ]);
    expect(queryAllTexts(".o_credit_tile_share")).toEqual([
        "73% of the exposure",
        "12% of the exposure",
        "15% of the exposure",
    ]);
    // 1,648,620.50 / 2,278,020.90 = 72.37 %, 279,170.65 = 12.25 %, 350,229.75 = 15.37 %:
    // cut to 72 + 12 + 15 = 99, the missing one goes to the first of those that lost 0.37
    expect(widthOf(".o_credit_share .o_credit_part_covered")).toBeCloseTo(72.37, { margin: 0.01 });
    expect(widthOf(".o_credit_share .o_credit_part_own_risk")).toBeCloseTo(12.25, { margin: 0.01 });
    expect(widthOf(".o_credit_share .o_credit_part_uncovered")).toBeCloseTo(15.37, {
        margin: 0.01,
    });
    expect(spoken(".o_credit_share")).toBe(
        "Covered: $ 1,648,621 (73%), At own risk: $ 279,171 (12%), " +
            "Beyond authorised credit: $ 350,230 (15%)"
    );
    // more covered is good, more beyond the credit is not
    expect(".o_credit_tile_covered .o_credit_tile_change").toHaveClass("o_credit_good");
    expect(".o_credit_tile_own_risk .o_credit_tile_change").toHaveClass("o_credit_good");
    expect(".o_credit_tile_uncovered .o_credit_tile_change").toHaveClass("o_credit_bad");
    expect(".o_credit_tile_uncovered .o_credit_tile_change").toHaveText(
        "$ 82,250 more than on 10/31/2026"
    );
});

test("a figure opens the list behind it, and back brings the dashboard", async () => {
    await openDashboard(DONE);
    await contains(".o_credit_tile_uncovered button").click();
    expect(".o_behind").toHaveText("Behind uncovered");
    expect.verifySteps(["read false false", "open uncovered {}"]);
    await contains(".breadcrumb-item a, .o_back_button").click();
    expect(".o_credit_tile_uncovered").toHaveCount(1);
    expect.verifySteps(["read false false"]);
});

test("the help of what is opened is HTML", async () => {
    await openDashboard(DONE);
    await contains(".o_credit_tile_uncovered button").click();
    expect(".o_behind_help em").toHaveText("uncovered");
    expect.verifySteps(["read false false", "open uncovered {}"]);
});

test("amounts are whole, those below one unit are not nothing", async () => {
    const [hold] = dashboard().holds.rows;
    const amounts = [78.75, 99.5, 0.4, 0];
    const rows = amounts.map((amount, id) => ({ ...hold, id, amount }));
    await openDashboard({ ...DONE, holds: { ...dashboard().holds, rows } });
    expect.verifySteps(["read false false"]);
    expect(queryAllTexts(".o_credit_panel_holds strong")).toEqual([
        "$ 79",
        "$ 100",
        "$ 0.40",
        "$ 0",
    ]);
});

test("a day that cannot be read: the choice stays that of the figures", async () => {
    expect.errors(1);
    await openDashboard(DONE);
    await contains(".o_credit_date").select("2026-10-31");
    await contains(".o_credit_date").select(UNREADABLE);
    await animationFrame();
    expect.verifyErrors(["Not this day"]);
    expect(".o_credit_date").toHaveValue("2026-10-31");
    expect("h1").toHaveText("Atelier Mercier SAS, as recorded on 10/31/2026");
    // what is asked next starts from what is shown
    await contains(".o_dialog .btn-primary").click();
    await contains(".o_credit_company").select("2");
    expect.verifySteps([
        "read false false",
        "read false 2026-10-31",
        `read false ${UNREADABLE}`,
        "read 2 false",
    ]);
});

test("what has nothing behind it is no button", async () => {
    const figures = dashboard().figures.map((figure) => ({ ...figure, open: null }));
    await openDashboard({ ...DONE, figures });
    expect.verifySteps(["read false false"]);
    expect(".o_credit_tile button").toHaveCount(0);
    expect(queryText(".o_credit_tile_exposure .o_credit_tile_amount")).toBe("$ 2,278,021");
});

test("twelve months: bars on a round axis, and the same as a table", async () => {
    await openDashboard(DONE);
    // the largest month, 2,209,680.27, in four round steps: 4 x 600,000
    expect(queryAllTexts(".o_credit_axis span")).toEqual([
        "$ 0",
        "$ 600k",
        "$ 1.2M",
        "$ 1.8M",
        "$ 2.4M",
    ]);
    expect(".o_credit_panel_trend .o_credit_note").toHaveText("As recorded at each month's end");
    const columns = ".o_credit_columns button";
    expect(columns).toHaveCount(3);
    expect(spoken(`${columns}:eq(2)`)).toBe(
        "Oct 2026: Exposure $ 2,190,300, Covered $ 1,621,220, At own risk $ 301,100, " +
            "Beyond authorised credit $ 267,979"
    );
    // a month that was caught up late has no orders in it, and says so
    expect(spoken(`${columns}:eq(0)`)).toMatch(/receivables alone$/);
    expect(`${columns}:eq(0)`).toHaveClass("o_credit_column_partial");
    expect(`${columns}:eq(2)`).not.toHaveClass("o_credit_column_partial");
    // 1,621,220.40 of 2,400,000
    const bar = queryOne(`${columns}:eq(2) .o_credit_part_covered`);
    expect(parseFloat(bar.style.height)).toBeCloseTo(67.55, { margin: 0.01 });
    // nine months that nobody recorded keep their places
    expect(".o_credit_columns > li").toHaveCount(12);
    expect(spoken(".o_credit_columns > li:eq(0) .o_credit_column")).toBe("Nov 2025: not recorded");
    await contains(".o_credit_panel_trend .o_credit_all").click();
    expect(queryAllTexts(".o_credit_panel_trend tbody tr:eq(0) > *")).toEqual([
        "Nov 2025",
        "not recorded",
    ]);
    expect(".o_credit_panel_trend tbody tr:eq(9) .o_credit_where").toHaveText("receivables alone");
    expect(queryAllTexts(".o_credit_panel_trend tbody tr:eq(11) > *")).toEqual([
        "Oct 2026",
        "$ 2,190,300",
        "$ 1,621,220",
        "$ 301,100",
        "$ 267,979",
    ]);
    await contains(".o_credit_panel_trend tbody button:eq(2)").click();
    expect.verifySteps(["read false false", 'open month {"date":"2026-10-31"}']);
});

test("twelve months of which none is recorded: a sentence", async () => {
    const { note, months } = dashboard().trend;
    await openDashboard({ ...DONE, trend: { note, months: months.slice(0, 9) } });
    expect.verifySteps(["read false false"]);
    expect(".o_credit_panel_trend .o_credit_nothing").toHaveText(
        "No month's end is recorded yet. While a policy is active, each is recorded once it is over."
    );
    expect(".o_credit_columns").toHaveCount(0);
    expect(".o_credit_panel_trend .o_credit_all").toHaveCount(0);
});

test("by insurer: the largest bar is full, what nobody insures comes last", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    const rows = ".o_credit_panel_insurers tbody tr";
    expect(queryAllTexts(`${rows} .o_credit_link`)).toEqual([
        "Allianz Trade",
        "Bpifrance Assurance Export",
        "No whole-turnover policy",
    ]);
    const width = (row) =>
        [...queryAll(`${rows}:eq(${row}) .o_credit_part`)].reduce(
            (sum, part) => sum + parseFloat(part.style.width),
            0
        );
    expect(width(0)).toBeCloseTo(100, { margin: 0.01 });
    // 240,000 / 1,830,120.40
    expect(width(1)).toBeCloseTo(13.11, { margin: 0.01 });
    expect(`${rows}:eq(2) .o_credit_number:eq(2)`).toHaveText("$ 207,901");
});

test("deadlines: what was missed is said first and loudly", async () => {
    await openDashboard(DONE);
    const panel = ".o_credit_panel_deadlines";
    expect(`${panel} h2`).toHaveText("The insurer's deadlines, next 30 days");
    expect(`${panel} .o_credit_alarm`).toHaveText(
        "1 deadline was missed: the cover of that invoice may be lost."
    );
    expect(queryAllTexts(`${panel} .o_credit_left`)).toEqual([
        "Missed, 2 days late",
        "in 3 days",
        "in 12 days",
        "in 24 days",
    ]);
    expect(`${panel} li:eq(0)`).toHaveClass("o_credit_missed");
    expect(`${panel} li:eq(1)`).toHaveClass("o_credit_urgent");
    await contains(`${panel} li:eq(0) button`).click();
    expect.verifySteps(["read false false", 'open deadline {"line_id":101}']);
});

test("no deadline missed: no alarm", async () => {
    await openDashboard({
        ...DONE,
        deadlines: { days: 30, missed: 0, count: 0, open: null, rows: [] },
    });
    expect.verifySteps(["read false false"]);
    expect(".o_credit_alarm").toHaveCount(0);
    expect(".o_credit_panel_deadlines .o_credit_nothing").toHaveText(
        "Nothing is due to the insurer."
    );
});

test("limits, holds, follow-up, policies", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    // the second limit is in euros
    expect(queryAllTexts(".o_credit_panel_expiring strong")).toEqual([
        "$ 31,000 used of $ 90,000",
        "0 € used of 120,000 €",
        "$ 70,000 used of $ 65,000",
    ]);
    expect(queryAllTexts(".o_credit_panel_near strong")).toEqual(["103%", "94%"]);
    expect(queryAllTexts(".o_credit_panel_near .o_credit_under")).toEqual([
        "$ 310,200 of $ 300,000",
        "$ 112,800 of $ 120,000",
    ]);
    expect(".o_credit_panel_near .o_credit_tone_bad").toHaveCount(1);
    expect(queryAllTexts(".o_credit_panel_holds .o_credit_under")).toEqual([
        "for 3 days",
        "for 1 day",
    ]);
    expect(".o_credit_panel_effect dd:eq(0)").toHaveText("58 days");
    expect(queryAllTexts(".o_credit_panel_effect strong")).toEqual([
        "52% paid within 14 days",
        "37% paid within 14 days",
        "25% paid within 14 days",
    ]);
    expect(queryAllTexts(".o_credit_counter_text span:nth-child(2)")).toEqual([
        "$ 8,400 of $ 20,000 borne",
        "$ 126,000 of $ 1,500,000 used (8%)",
        "$ 21,400 declared, $ 8,200 in drafts, $ 31,800 expected, minimum $ 30,000",
        "$ 0 of $ 400,000 used (0%)",
        "$ 5,100 declared, $ 6,900 expected, minimum $ 0",
    ]);
    // the minimum of 30,000 on a scale up to 31,800
    const mark = queryOne(".o_credit_counter_premium .o_credit_meter_mark");
    expect(parseFloat(mark.style.insetInlineStart)).toBeCloseTo(94.34, { margin: 0.01 });
});

test("a past day: as recorded, without what is known for today only", async () => {
    await openDashboard(DONE);
    await contains(".o_credit_date").select("2026-10-31");
    await animationFrame();
    expect.verifySteps(["read false false", "read false 2026-10-31"]);
    expect("h1").toHaveText("Atelier Mercier SAS, as recorded on 10/31/2026");
    expect(".o_credit_recorded").toHaveCount(1);
    for (const section of ["deadlines", "holds", "expiring", "near", "effect", "policies"]) {
        expect(`.o_credit_panel_${section}`).toHaveCount(0);
    }
    for (const section of ["map", "trend", "top", "zones", "insurers"]) {
        expect(`.o_credit_panel_${section}`).toHaveCount(1);
    }
    await contains(".o_credit_tile_exposure button").click();
    await contains(".breadcrumb-item a, .o_back_button").click();
    expect("h1").toHaveText("Atelier Mercier SAS, as recorded on 10/31/2026");
    expect.verifySteps(["open exposure {}", "read false 2026-10-31"]);
});

test("another company is today's position of that company", async () => {
    await openDashboard(DONE);
    await contains(".o_credit_company").select("2");
    await animationFrame();
    expect.verifySteps(["read false false", "read 2 false"]);
});

test("set-up beside figures: the next step, all of them on demand", async () => {
    await openDashboard();
    expect(".o_credit_steps > li").toHaveCount(1);
    expect(".o_credit_steps h3").toHaveText(
        /^Check the follow-up and prepare a first run\s\(next\)$/
    );
    await contains(".o_credit_setup_head .o_credit_all").click();
    expect(".o_credit_steps > li").toHaveCount(5);
    expect(".o_credit_setup_progress").toHaveText("3 of 5 steps done");
    expect(".o_credit_setup .o_credit_meter").toHaveAttribute("aria-valuenow", "60");
    expect(".o_credit_steps > li:eq(3)").toHaveClass("o_credit_step_next");
    expect(".o_credit_steps button").toHaveCount(2);
    expect(".o_credit_figures").toHaveCount(1);
    await contains(".o_credit_steps .btn-primary").click();
    expect.verifySteps(["read false false", "open setup_followup {}"]);
});

test("nothing yet: the steps alone", async () => {
    const figures = dashboard().figures.map((figure) => ({ ...figure, amount: 0, share: 0 }));
    await openDashboard({ figures, policies: [] });
    expect.verifySteps(["read false false"]);
    expect(".o_credit_steps > li").toHaveCount(5);
    expect(".o_credit_figures").toHaveCount(0);
    expect(".o_credit_panel_map").toHaveCount(0);
});

test("all set up: no steps; no exposure is said in words", async () => {
    const figures = dashboard().figures.map((figure) => ({ ...figure, amount: 0, share: 0 }));
    await openDashboard({ ...DONE, figures });
    expect.verifySteps(["read false false"]);
    expect(".o_credit_setup").toHaveCount(0);
    expect(".o_credit_sentence").toHaveText(
        "No exposure: nothing is owed and nothing is on order."
    );
    expect(".o_credit_share").toHaveCount(0);
});
