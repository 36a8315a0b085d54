import { registry } from "@web/core/registry";

// The insurer's file: uploaded, checked, settled, checked again, applied.
const day = luxon.DateTime.now().toISODate();
const FILE = [
    "insurer_buyer_id;name;granted_amount;currency;decision;decision_date",
    `T-1;Alfa Tour;90000;;reduction;${day}`,
    `T-9;Nobody We Know;5000;;approved;${day}`,
].join("\n");

const state = (label) =>
    `.o_statusbar_status button.o_arrow_button_current:contains('${label}')`;
const figure = (name, value) => `div[name='${name}']:contains('${value}')`;

registry.category("web_tour.tours").add("credit_limit_import", {
    steps: () => [
        {
            content: "A new import",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name='profile_id'] input",
            run: "edit Canonical",
        },
        {
            trigger: ".o-autocomplete--dropdown-item > a:contains('Canonical layout')",
            run: "click",
        },
        {
            content: "The format brings its policy",
            trigger: "div[name='policy_id'] input:value('TOUR')",
        },
        {
            content: "The file",
            trigger: "div[name='file'] input[type='file']:not(:visible)",
            run({ anchor }) {
                const files = new DataTransfer();
                files.items.add(new File([FILE], "limits.csv", { type: "text/csv" }));
                anchor.files = files.files;
                anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        { trigger: "div[name='file'] input:value('limits.csv')" },
        {
            trigger: "button[name='action_check']:contains('Check')",
            run: "click",
        },
        { trigger: `body:has(${state("Verified")}) ${figure("reduced_count", "1")}` },
        {
            content: "What it would do to orders",
            trigger: figure("held_count", "1"),
        },
        {
            content: "A row must be settled first",
            trigger: "button[name='action_open_blocking']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Nobody We Know') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name='action_set_aside']",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name='is_set_aside'] input:checked",
        },
        {
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: "button[name='action_check']:contains('Check Again')",
            run: "click",
        },
        { trigger: figure("set_aside_count", "1") },
        {
            trigger: "button[name='action_apply']",
            run: "click",
        },
        {
            trigger: ".modal-footer button.btn-primary",
            run: "click",
        },
        { trigger: state("Applied") },
    ],
});
