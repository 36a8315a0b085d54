import { registry } from "@web/core/registry";

// This week's deadlines: what is to be notified is told to the insurer, who answers.
registry.category("web_tour.tours").add("credit_deadlines", {
    steps: () => [
        {
            content: "What was missed and the next 30 days",
            trigger: ".o_searchview_facet:contains('Next 30 Days')",
        },
        {
            content: "The notice comes first",
            trigger: ".o_data_row:has(td[name='partner_id']:contains('ALFA')):has(td[name='next_kind']:contains('Overdue Notice')) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: "button[name='action_prepare_notices']",
            run: "click",
        },
        {
            content: "The draft lists the invoice",
            trigger: "div[name='line_ids'] td[name='gross_amount']:contains('20,000.00')",
        },
        {
            trigger: "button[name='action_send']",
            run: "click",
        },
        {
            content: "Handed to the insurer",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The insurer opens a case",
            trigger: "div[name='insurer_ref'] input",
            run: "edit OVD-1874",
        },
        {
            trigger: "div[name='reply'] .o_select_menu_toggler, div[name='reply'] select",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains('Confirmed')",
            run: "click",
        },
        {
            trigger: "button[name='action_answered']",
            run: "click",
        },
        {
            content: "Answered",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Answered')",
        },
        {
            content: "The deadlines are done: only the hand-over is left",
            trigger: ".o_breadcrumb .o_back_button a, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            trigger: ".o_data_row:has(td[name='partner_id']:contains('ALFA')):has(td[name='next_kind']:contains('Hand-over'))",
        },
    ],
});
