import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

// The month's reminders, from the empty run to the last retry: what the accountant
// does, what the controller signs. The jobs run between the tours.
const tours = registry.category("web_tour.tours");

const state = (label) =>
    `.o_statusbar_status button.o_arrow_button_current:contains('${label}')`;
const row = (buyer) => `.o_data_row:contains('${buyer}')`;
const figure = (name, value) => `div[name='${name}']:contains('${value}')`;

/** Open the reminders of the run that is shown. */
const openReminders = () => [
    {
        trigger: "button[name='action_open_reminders']",
        run: "click",
    },
    { trigger: ".o_list_view .o_data_row" },
];

/** Open a buyer's reminder from the list. */
const openReminder = (buyer) => [
    {
        trigger: `${row(buyer)} td[name='partner_id']`,
        run: "click",
    },
    { trigger: `.o_form_view div[name='partner_id']:contains('${buyer}')` },
];

const back = (trigger) => [
    {
        trigger: ".o_back_button",
        run: "click",
    },
    { trigger },
];

/** Leave a buyer's reminder out, behind the back of the page that is shown. */
const skip = async (buyer) => {
    const call = (method, args) =>
        rpc(`/web/dataset/call_kw/credit.followup.reminder/${method}`, {
            model: "credit.followup.reminder",
            method,
            args,
            kwargs: {},
        });
    const ids = await call("search", [[["partner_id.name", "=", buyer]]]);
    await call("action_skip", [ids]);
};

/** Choose from a short list. */
const choose = (field, label) => [
    {
        trigger: `div[name='${field}'] input`,
        run: "click",
    },
    {
        trigger: `.o-autocomplete--dropdown-item > a:contains('${label}')`,
        run: "click",
    },
];

tours.add("credit_followup_prepared_and_sent", {
    steps: () => [
        {
            content: "A new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Of one zone",
            trigger: "div[name='zone_ids'] input",
            run: "edit Latin America",
        },
        {
            trigger:
                ".o-autocomplete--dropdown-menu:not(:contains('Domestic')) a:contains('Latin America')",
            run: "click",
        },
        { trigger: "div[name='zone_ids'] .o_tag:contains('Latin America')" },
        {
            trigger: "button[name='action_prepare']",
            run: "click",
        },
        {
            content: "Six of the seven buyers: one lives elsewhere",
            trigger: `body:has(${state("Prepared")}) ${figure("reminder_count", "6")}`,
        },
        { trigger: figure("draft_count", "6") },
        {
            content: "One formal notice",
            trigger: figure("approval_count", "1"),
        },
        ...openReminders(),
        ...openReminder("Tour Alfa"),
        {
            content: "The very mail",
            trigger: ".o_notebook a[name='preview']",
            run: "click",
        },
        { trigger: figure("preview_subject", "1,000.00") },
        { trigger: "div[name='preview_body'] :iframe body:contains('Dear Tour Alfa')" },
        ...back(row("Tour Beta")),
        {
            content: "Leave one out",
            trigger: `${row("Tour Beta")} .o_list_record_selector input`,
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name='action_skip']",
            run: "click",
        },
        {
            content: "Five are left to look at",
            trigger: `.o_list_view:not(:has(${row("Tour Beta")})) ${row("Tour Gamma")}`,
        },
        ...openReminder("Tour Gamma"),
        ...choose("step_id", "Step 5"),
        {
            trigger: ".o_form_button_save:visible",
            run: "click",
        },
        {
            trigger: ".o_notebook a[name='lines']",
            run: "click",
        },
        {
            content: "Its invoice goes with it",
            trigger: ".o_form_saved div[name='line_ids'] td[name='step_id']:contains('Step 5')",
        },
        ...back(row("Tour Gamma")),
        ...back("button[name='action_send']"),
        {
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            content: "All but the formal notice wait for the job",
            trigger: figure("queued_count", "4"),
        },
        {
            trigger: "button[name='action_stop']",
            run: "click",
        },
        {
            content: "Stopped: all are back",
            trigger: `body:has(${state("Prepared")}) ${figure("draft_count", "5")}`,
        },
        {
            content: "And on again",
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            content: "A colleague leaves one out: the figure follows by itself",
            trigger: `body:has(${state("Sending")}) ${figure("queued_count", "4")}`,
            run: () => skip("Tour Eta"),
        },
        { trigger: figure("queued_count", "3") },
    ],
});

tours.add("credit_followup_failure_retried", {
    steps: () => [
        {
            content: "Five of six are through: 83 %",
            trigger: figure("progress", "83"),
        },
        { trigger: figure("sent_count", "2") },
        { trigger: figure("mail_count", "2") },
        { trigger: figure("skipped_count", "2") },
        {
            content: "From the figure to the failures",
            trigger: figure("failed_count", "1"),
        },
        ...openReminders(),
        ...openReminder("Tour Epsilon"),
        {
            content: "Why",
            trigger: ".alert-danger:contains('has no e-mail address')",
        },
        ...choose("contact_id", "Bookkeeping"),
        {
            trigger: "button[name='action_retry']",
            run: "click",
        },
        { trigger: state("Queued") },
    ],
});

tours.add("credit_followup_notice_signed", {
    steps: () => [
        {
            content: "It waits for a signature",
            trigger: ".alert-info:contains('approve and sign')",
        },
        {
            trigger: "button[name='action_approve']",
            run: "click",
        },
        { trigger: state("Queued") },
    ],
});
