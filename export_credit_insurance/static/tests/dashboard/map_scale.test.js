import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { makeMockEnv } from "@web/../tests/web_test_helpers";
import { level, thresholds } from "@export_credit_insurance/credit_dashboard/credit_map/map_scale";
import { DOTS, SHAPES } from "@export_credit_insurance/credit_dashboard/credit_map/world_shapes";
import { axisTop } from "@export_credit_insurance/credit_dashboard/credit_trend/credit_trend";
import { daysLeft, percent, percents } from "@export_credit_insurance/credit_dashboard/dashboard_format";

describe.current.tags("headless");

beforeEach(() => makeMockEnv()); // texts and numbers in a language

test("axes end at four round steps", () => {
    expect(axisTop(0)).toBe(4);
    expect(axisTop(3.9)).toBe(4);
    expect(axisTop(900)).toBe(1000);
    expect(axisTop(1000001)).toBe(1200000);
    expect(axisTop(2209680.27)).toBe(2400000);
});

test("tones end at thirds, rounded to one digit", () => {
    expect(thresholds([])).toEqual([]);
    expect(thresholds([0, 0])).toEqual([]);
    expect(thresholds([10, 95000])).toEqual([4000, 10000, 30000]);
    const ends = [4000, 10000, 30000];
    expect([0, 1, 4000, 4001, 30000, 30001].map((amount) => level(amount, ends))).toEqual([
        0, 1, 1, 2, 3, 4,
    ]);
});

test("small shares are neither nothing nor all", () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(percent).map(String)).toEqual([
        "0%",
        "under 1%",
        "50%",
        "over 99%",
        "100%",
    ]);
});

test("shares of one whole add up to it", () => {
    // 33.5 + 33.5 + 33: each rounded for itself makes 34 + 34 + 33 = 101
    expect(percents([0.335, 0.335, 0.33]).map(String)).toEqual(["34%", "33%", "33%"]);
    // 62.5 + 25.5 + 12 = 100, not 63 + 26 + 12 = 101
    expect(percents([0.625, 0.255, 0.12]).map(String)).toEqual(["63%", "25%", "12%"]);
    // 0.4 + 49.8 + 49.8: little is not nothing
    expect(percents([0.004, 0.498, 0.498]).map(String)).toEqual(["under 1%", "50%", "50%"]);
    expect(percents([0.29, 0, 0]).map(String)).toEqual(["29%", "0%", "0%"]);
});

test("days in words", () => {
    expect([-2, -1, 0, 1, 5].map(daysLeft).map(String)).toEqual([
        "2 days late",
        "1 day late",
        "today",
        "tomorrow",
        "in 5 days",
    ]);
});

test("the map knows every large country, and the small ones as dots", () => {
    for (const code of ["FR", "US", "CN", "RU", "BR", "IN", "ZA", "AU", "XK", "GF", "RE"]) {
        expect(SHAPES[code]).toMatch(/^M\d+ \d+l/);
    }
    for (const code of ["SG", "HK", "MT", "BH", "LU", "MU", "RE"]) {
        expect(DOTS[code]).toHaveLength(2);
    }
    expect("AQ" in SHAPES).toBe(false);
});
