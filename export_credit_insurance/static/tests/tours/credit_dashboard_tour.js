import { registry } from "@web/core/registry";

// A finance director opens the app: the position in a sentence, the buyers behind a
// figure and behind a country of the map, with mouse and keyboard.
const map = (code) => `.o_credit_country[data-code='${code}']`;
const back = { trigger: ".breadcrumb-item a:contains('Dashboard'), .o_back_button", run: "click" };

registry.category("web_tour.tours").add("credit_dashboard_tour", {
    steps: () => [
        { trigger: ".o_navbar_apps_menu button", run: "click" },
        {
            trigger: ".o_app[data-menu-xmlid='export_credit_insurance.menu_root']",
            run: "click",
        },
        {
            content: "The first screen of the app says it all: 117,000 of 150,000",
            trigger:
                ".o_credit_sentence:contains('Insurers bear 78% of the exposure'):contains('20,000')",
        },
        { trigger: ".o_credit_tile_uncovered button", run: "click" },
        {
            content: "Who is beyond the credit, and nobody else",
            trigger: ".o_list_view:not(:contains('BETA')) .o_data_row:contains('ALFA')",
        },
        back,
        { trigger: map("BR"), run: "click" },
        {
            content: "The buyers of Brazil",
            trigger: ".o_list_view:not(:contains('BETA')) .o_data_row:contains('ALFA')",
        },
        back,
        { trigger: ".o_credit_by_uncovered", run: "click" },
        {
            content: "Brazil is where most is beyond the credit",
            trigger: `${map("BR")}.o_credit_level_4`,
        },
        {
            content: "The next largest, by the keyboard",
            trigger: map("BR"),
            run: ({ anchor }) => anchor.focus(),
        },
        { trigger: `${map("BR")}:focus`, run: "press ArrowRight" },
        { trigger: `${map("DE")}:focus`, run: "press Enter" },
        {
            content: "The buyers of Germany",
            trigger: ".o_list_view:not(:contains('ALFA')) .o_data_row:contains('BETA')",
        },
        back,
        { trigger: ".o_credit_sentence" },
    ],
});
