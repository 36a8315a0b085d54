import { describe, expect, test } from "@odoo/hoot";
import { keyDown, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { contains } from "@web/../tests/web_test_helpers";

import { dashboard } from "./dashboard_data";
import { openDashboard, spoken } from "./dashboard_helpers";

describe.current.tags("desktop");

const DONE = { setup: { done: true, steps: [] } };
const country = (code) => `.o_credit_country[data-code="${code}"]`;
const [first] = dashboard().countries;

test("coloured by the country's risk, hatched where no cover is given", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    expect(".o_credit_country").toHaveCount(10);
    expect(country("FR")).toHaveClass("o_credit_band_low");
    expect(country("BR")).toHaveClass("o_credit_band_medium");
    expect(country("TR")).toHaveClass("o_credit_band_high");
    expect(country("NG")).toHaveClass("o_credit_band_very_high");
    expect(`${country("NG")} .o_credit_hatched`).toHaveCount(1);
    expect(`${country("RU")} .o_credit_hatched`).toHaveCount(1);
    expect(`${country("TR")} .o_credit_hatched`).toHaveCount(0);
    expect(spoken(country("NG"))).toBe(
        "Nigeria, Score below 25 (grade 6), off cover, 1 buyer, Exposure $ 76,400, " +
            "Covered $ 0, Beyond authorised credit $ 75,000"
    );
    expect(".o_credit_panel_map .o_credit_note").toHaveText("Country scores: 100 is the best");
    expect(queryAllTexts(".o_credit_panel_map .o_credit_legend > span")).toEqual([
        "Score 75 to 100",
        "Score 50 to 75",
        "Score 25 to 50",
        "Score below 25",
        "Off cover or under sanctions",
        "No exposure",
    ]);
});

test("coloured by what is beyond the credit", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    await contains(".o_credit_by_uncovered").click();
    expect(".o_credit_by_uncovered").toHaveAttribute("aria-pressed", "true");
    // 95,000 at most: tones end at 95,000 / 3, / 9, / 27, to one digit 30,000, 10,000, 4,000
    expect(queryAllTexts(".o_credit_panel_map .o_credit_legend > span")).toEqual([
        "Nothing",
        "up to $ 4k",
        "up to $ 10k",
        "up to $ 30k",
        "more than $ 30k",
        "Off cover or under sanctions",
        "No exposure",
    ]);
    expect(country("TR")).toHaveClass("o_credit_level_4");
    expect(country("NG")).toHaveClass("o_credit_level_4");
    expect(country("FR")).toHaveClass("o_credit_level_3");
    expect(country("US")).toHaveClass("o_credit_level_3");
});

test("a click opens the buyers of the country", async () => {
    await openDashboard(DONE);
    await contains(country("TR")).click();
    expect.verifySteps(["read false false", 'open country {"country_id":224}']);
    expect(".o_behind").toHaveText("Behind country");
});

test("with the keyboard: one stop, arrows by exposure, Enter opens", async () => {
    await openDashboard(DONE);
    expect(queryAll('.o_credit_country[tabindex="0"]')).toHaveLength(1);
    // Germany has the largest exposure, France the next
    queryOne(country("DE")).focus();
    expect(country("DE")).toBeFocused();
    await keyDown("ArrowRight");
    await animationFrame(); // the focus moves
    await animationFrame(); // and what is said of the country
    expect(country("FR")).toBeFocused();
    expect(country("FR")).toHaveAttribute("tabindex", "0");
    expect(country("DE")).toHaveAttribute("tabindex", "-1");
    expect(".o_credit_tip strong").toHaveText("France");
    await keyDown("ArrowLeft");
    await animationFrame();
    await keyDown("ArrowLeft");
    await animationFrame();
    // from the largest back to the smallest
    expect(country("RU")).toBeFocused();
    await keyDown("Enter");
    await animationFrame();
    expect.verifySteps(["read false false", 'open country {"country_id":190}']);
});

test("another day without the country looked at: one stop again, no tip", async () => {
    const countries = dashboard().countries;
    await openDashboard({ ...DONE, countries });
    await contains(country("DE")).hover();
    queryOne(country("DE")).focus();
    await keyDown("ArrowRight");
    await animationFrame();
    await animationFrame();
    expect(country("FR")).toHaveAttribute("tabindex", "0");
    expect(".o_credit_tip").toHaveCount(1);
    // on that day nobody in France owed anything
    countries.splice(0, 1);
    await contains(".o_credit_date").select("2026-10-31");
    expect(country("FR")).toHaveCount(0);
    expect(".o_credit_tip").toHaveCount(0);
    expect(queryAll('.o_credit_country[tabindex="0"]')).toHaveLength(1);
    expect(country("DE")).toHaveAttribute("tabindex", "0");
    expect.verifySteps(["read false false", "read false 2026-10-31"]);
});

test("a look at a country, and at a part of the world", async () => {
    await openDashboard(DONE);
    expect.verifySteps(["read false false"]);
    await contains(country("BR")).hover();
    expect(".o_credit_tip strong").toHaveText("Brazil");
    expect(queryAllTexts(".o_credit_tip dd")).toEqual(["$ 143,250", "$ 88,000", "$ 35,000"]);
    const whole = queryOne(".o_credit_map svg").getAttribute("viewBox");
    await contains(".o_credit_view").select("europe");
    expect(queryOne(".o_credit_map svg").getAttribute("viewBox")).not.toBe(whole);
});

test("small countries are dots, unknown ones stand beside the map", async () => {
    const countries = [
        first,
        { ...first, id: 197, code: "SG", name: "Singapore", grade: "high_income" },
        { ...first, id: false, code: "", name: "No country", exposure: 500 },
        { ...first, id: 36, code: "BB", name: "Barbados", exposure: 0, uncovered: 0, buyers: 0 },
    ];
    await openDashboard({ ...DONE, countries });
    expect.verifySteps(["read false false"]);
    expect(`${country("SG")} circle`).toHaveCount(2);
    expect(spoken(country("SG"))).toInclude("Singapore, Score 75 to 100 (92 of 100), 3 buyers");
    expect(country("BB")).toHaveCount(0);
    expect(".o_credit_missing li").toHaveText("No country $ 500");
});

test("the same as a table", async () => {
    await openDashboard(DONE);
    await contains(".o_credit_panel_map .o_credit_all").click();
    expect(".o_credit_map").toHaveCount(0);
    expect(".o_credit_panel_map tbody tr").toHaveCount(10);
    expect(queryAllTexts(".o_credit_panel_map tbody tr:eq(0) > *")).toEqual([
        "Germany",
        "Score 75 to 100 (grade 1)",
        "4",
        "$ 655,210",
        "$ 561,300",
        "$ 23,800",
    ]);
    await contains(".o_credit_panel_map tbody button:eq(0)").click();
    expect.verifySteps(["read false false", 'open country {"country_id":57}']);
});
