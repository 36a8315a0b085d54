import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const section = (key) => `.o_credit_day_${key}`;
const row = (key, text) => `${section(key)} li:contains('${text}')`;
const gone = (key) => ({ trigger: `.o_credit_day_page:not(:has(${section(key)}))` });

// Nobody leaves My Day to decide: the hold of the day is released from there.
tours.add("credit_day_controller", {
    steps: () => [
        {
            content: "The hold waits, with its amount",
            trigger: `${row("holds", "Alfa Day")}:contains('45,000.00')`,
        },
        {
            trigger: `${row("holds", "Alfa Day")} button[name='action_release']`,
            run: "click",
        },
        {
            content: "At whose risk",
            trigger: ".modal div[name='release_kind'] input[data-value='own_risk']",
            run: "click",
        },
        {
            trigger: ".modal div[name='reason'] textarea",
            run: "edit Long-standing customer.",
        },
        {
            trigger: ".modal button[name='action_confirm']:contains('Release')",
            run: "click",
        },
        {
            content: "Decided: the section is gone, and said so",
            trigger: `body:not(:has(.modal)) .o_credit_day_page:not(:has(${section("holds")}))`,
        },
        {
            trigger: `${section("nothing")}:contains('No order waits for your decision.')`,
        },
    ],
});

tours.add("credit_day_accountant", {
    steps: () => [
        {
            trigger: `${row("runs", "Follow-up of the Day")} button[name='action_prepare']`,
            run: "click",
        },
        gone("runs"),
        {
            content: "What came of the dispute is known",
            trigger: `${row("disputes", "100.00")} button[name='action_settle']`,
            run: "click",
        },
        gone("disputes"),
        {
            content: "What is planned besides",
            trigger: `${row("activities", "Ask for the papers")} button[name='action_feedback']`,
            run: "click",
        },
        gone("activities"),
        {
            trigger: ".o_credit_day_summary:contains('Nothing to do today.')",
        },
    ],
});

// Without a credit group: what was released for the salesperson is confirmed from there.
tours.add("credit_day_salesperson", {
    steps: () => [
        {
            content: "Up to how much, with neither limit nor insurer",
            trigger: `${row("own_releases", "Alfa Day")}:contains('45,000.00')`,
        },
        {
            trigger: `${row("own_releases", "Alfa Day")} button[name='action_confirm']`,
            run: "click",
        },
        gone("own_releases"),
        {
            trigger: ".o_credit_day_summary:contains('Nothing to do today.')",
        },
    ],
});
