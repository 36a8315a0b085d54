import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

import { CreditGauge } from "@export_credit_insurance/credit_gauge/credit_gauge";

describe.current.tags("desktop");

defineMailModels();

const GAUGE = {
    currency_id: 1,
    limit: 130000,
    used_before: 102000,
    order: 1000,
    headroom_after: 27000,
    secured: 0,
    own_risk: 0,
};

async function showGauge(more = {}) {
    const record = { data: { credit_gauge: { ...GAUGE, ...more } }, fields: {} };
    await mountWithCleanup(CreditGauge, {
        props: { name: "credit_gauge", record, readonly: true },
    });
    return queryAllTexts(".o_credit_bar_legend > *").map((text) => text.replace(/\s+/g, " "));
}

test("what was used before, the order, what is left", async () => {
    const legend = await showGauge();
    expect(legend).toHaveLength(3);
    expect(legend[2]).toMatch(/^Left after it.*27,000/);
    expect(".o_credit_gauge .text-danger").toHaveCount(0);
});

test("exceeded: by how much", async () => {
    const legend = await showGauge({ order: 45000, headroom_after: -17000 });
    expect(legend[2]).toMatch(/^Exceeded by.*17,000/);
});

test("while cover is stopped nothing is left, whatever the limit", async () => {
    const legend = await showGauge({ is_stopped: true });
    expect(legend[2]).toMatch(/^Left after it ?none$/);
    expect(".o_credit_gauge .text-danger.small").toHaveText(
        "Cover is stopped: none of it may be used."
    );
});
