import { registry } from "@web/core/registry";

// What the credit controller does after a quarter: look at what is left out and at the
// premium, bring the draft up to date, hand it in.
registry.category("web_tour.tours").add("credit_declaration_sent", {
    steps: () => [
        {
            trigger: ".o_data_row td[name='policy_id']",
            run: "click",
        },
        {
            content: "What is insurable, by country group",
            trigger: "div[name='group_ids'] .o_data_row:contains('European Union'):contains('2,000.00')",
        },
        {
            trigger: "a[name='excluded']",
            run: "click",
        },
        {
            content: "What is left out, and why",
            trigger: "div[name='excluded_line_ids'] .o_data_row:contains('Tour Ministry'):contains('Public buyer')",
        },
        {
            trigger: "a[name='premium']",
            run: "click",
        },
        {
            content: "2,000 at 0.20 %",
            trigger: "div[name='premium_amount']:contains('4.00')",
        },
        {
            trigger: "button[name='action_bring_up_to_date']",
            run: "click",
        },
        {
            content: "What was invoiced meanwhile",
            trigger: "div[name='group_ids'] .o_data_row:contains('European Union'):contains('2,500.00')",
        },
        {
            trigger: "button[name='action_declare']",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "Declared, under a number",
            trigger: ".o_arrow_button_current[data-value='declared']",
        },
        { trigger: "div[name='name']:contains('DEC/')" },
        { trigger: "body:not(:has(button[name='action_declare']))" },
    ],
});
