import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

import { CreditLive } from "@export_credit_insurance/credit_live/credit_live";

describe.current.tags("desktop");

defineMailModels();

async function showLive() {
    const run = { answers: [], isWorking: true };
    const record = {
        get data() {
            return { is_preparing: run.isWorking, queued_count: 0, mail_count: 0 };
        },
        fields: {},
        isDirty: async () => false,
        load() {
            expect.step("load");
            const answer = new Deferred();
            run.answers.push(answer);
            return answer;
        },
    };
    await mountWithCleanup(CreditLive, { props: { record, readonly: true } });
    return run;
}

test("asks again once the last answer is here", async () => {
    const run = await showLive();
    expect.verifySteps([]);
    await advanceTime(4000);
    expect.verifySteps(["load"]);
    await advanceTime(12000); // a slow server: nothing piles up
    expect.verifySteps([]);
    run.answers[0].resolve();
    await animationFrame();
    await advanceTime(4000);
    expect.verifySteps(["load"]);
});

test("looks on, and asks nothing while nothing is worked on", async () => {
    const run = await showLive();
    run.isWorking = false;
    await advanceTime(8000);
    expect.verifySteps([]);
    run.isWorking = true;
    await advanceTime(4000);
    expect.verifySteps(["load"]);
});
