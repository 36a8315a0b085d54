import { registry } from "@web/core/registry";

const step = (name) => ({ trigger: `.modal .o_arrow_button_current[data-value='${name}']` });
const next = { trigger: ".modal-footer button[name='action_next']:visible", run: "click" };

// Five steps, each explained: an administrator who never saw credit insurance.
registry.category("web_tour.tours").add("credit_onboarding", {
    steps: () => [
        step("policy"),
        {
            trigger: ".modal div[name='insurer_id'] input",
            run: "edit Atlas Credit",
        },
        {
            trigger: ".ui-autocomplete a:contains('Atlas Credit Insurance')",
            run: "click",
        },
        {
            trigger: ".modal div[name='number'] input",
            run: "edit TOUR-1",
        },
        {
            trigger: ".modal div[name='mep_days'] input",
            run: "edit 75",
        },
        next,
        step("limits"),
        next,
        step("countries"),
        next,
        step("followup"),
        {
            trigger: ".modal div[name='is_daily'] input",
            run: "click",
        },
        next,
        step("deciders"),
        next,
        {
            content: "Done",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
