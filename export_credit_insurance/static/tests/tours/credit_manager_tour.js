import { registry } from "@web/core/registry";

// What the credit manager does when a barometer comes out: import it, try other
// weights, see who moves, ask which contract suits.
const tours = registry.category("web_tour.tours");

const cell = (name, text) => `td[name='${name}']:contains('${text}')`;
const row = (...cells) => `.o_data_row${cells.map((one) => `:has(${one})`).join("")}`;

/** Put a barometer of today into the file field, as a choice in the dialog would. */
const upload = ({ anchor }) => {
    const day = luxon.DateTime.now().toISODate();
    const text = `iso2,code,date\nBR,B,${day}\nFR,A2,${day}\n`;
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "barometer.csv", { type: "text/csv" }));
    anchor.files = transfer.files;
    anchor.dispatchEvent(new Event("change"));
};

tours.add("credit_barometer", {
    steps: () => [
        {
            trigger: "button:contains('Import Ratings')",
            run: "click",
        },
        {
            trigger: ".modal div[name='source_id'] input",
            run: "edit Coface country",
        },
        {
            trigger: ".o-autocomplete--dropdown-item > a:contains('Coface country assessment')",
            run: "click",
        },
        {
            content: "Which columns the file needs",
            trigger: ".modal li:contains('countries: iso2')",
        },
        {
            trigger: ".modal div[name='name'] input",
            run: "edit Tour barometer",
        },
        {
            trigger: ".modal div[name='file'] input[type='file']:not(:visible)",
            run: upload,
        },
        { trigger: ".modal div[name='file'] input[type='text']:value('barometer.csv')" },
        {
            trigger: ".modal button[name='action_preview']",
            run: "click",
        },
        {
            content: "What falls comes first: from 71 to 43",
            trigger: `.modal .o_data_row:eq(0):has(${cell("name", "Brazil")}):has(${cell("kind", "Falls")}):has(${cell("before", "71")}):has(${cell("after", "43")})`,
        },
        { trigger: `.modal ${row(cell("name", "France"), cell("kind", "New"))}` },
        { trigger: ".modal div[name='down_count']:contains('1')" },
        {
            trigger: ".modal button[name='action_import']",
            run: "click",
        },
        {
            content: "The edition, with its ratings",
            trigger: "body:not(:has(.modal)) .o_form_view div[name='name']:contains('Tour barometer'), body:not(:has(.modal)) .o_form_view div[name='name'] input:value('Tour barometer')",
        },
    ],
});

tours.add("credit_weights_tried", {
    steps: () => [
        {
            trigger: "button.o_credit_try_weights",
            run: "click",
        },
        {
            content: "The weights in force move nobody",
            trigger: ".o_form_view div[name='moved_count']:contains('0')",
        },
        {
            trigger: "div[name='weight_sector'] input",
            run: "edit 100 && click body",
        },
        {
            content: "From D to E before anything is applied",
            trigger: `div[name='line_ids'] ${row(cell("band_from_id", "High risk"), cell("band_to_id", "Very high risk"))}`,
        },
        {
            trigger: "button[name='action_open_moved']",
            run: "click",
        },
        {
            content: "Who they are",
            trigger: ".o_list_view .o_data_row:contains('Tour Builder')",
        },
        { trigger: ".o_list_view:not(:contains('Tour Hotel'))" },
        {
            content: "Back: nothing is lost",
            trigger: ".breadcrumb-item a:contains('Scoring Simulation'), .o_back_button",
            run: "click",
        },
        {
            trigger: `div[name='line_ids'] ${row(cell("band_to_id", "Very high risk"))}`,
        },
        { trigger: "div[name='weight_sector'] input:value('100')" },
        {
            trigger: "button[name='action_apply']",
            run: "click",
        },
        {
            trigger: ".modal .modal-footer .btn-primary",
            run: "click",
        },
        { trigger: ".o_notification:contains('The weights are in force')" },
        {
            content: "Applied: they move nobody any more",
            trigger: ".o_form_view div[name='moved_count']:contains('0')",
        },
    ],
});

tours.add("credit_advice_read", {
    steps: () => [
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: "div[name='expected_turnover'] input",
            run: "edit 2000000",
        },
        {
            trigger: "button[name='action_advise']",
            run: "click",
        },
        {
            content: "What to ask for, in a sentence",
            trigger: "div[name='advice']:contains('To ask for: Named buyers.')",
        },
        {
            content: "And why, and at what price: 0.5 % of 2,000,000",
            trigger: `div[name='line_ids'] .o_data_row:eq(0):has(${cell("kind", "Named buyers")}):has(${cell("verdict", "Recommended")}):has(${cell("cost", "10,000.00")}):has(${cell("reason", "100 %")})`,
        },
    ],
});
