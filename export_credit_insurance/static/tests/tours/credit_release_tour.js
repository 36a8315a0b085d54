import { registry } from "@web/core/registry";

// The main path of issue and cure, one tour per persona, each in its own login.
const tours = registry.category("web_tour.tours");

tours.add("credit_order_refused_and_release_asked", {
    steps: () => [
        {
            content: "The banner says what is missing",
            trigger: "div[name='credit_blocked']:contains('17,000.00')",
        },
        {
            content: "Confirm all the same",
            trigger: "button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "It is refused, with the amount",
            trigger:
                ".modal:has(.modal-title:contains('Stopped by the Credit Check')) .modal-body:contains('17,000.00')",
        },
        {
            content: "Ask for a release from there",
            trigger: ".modal .modal-footer button:contains('Ask for Credit Release')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal div[name='reason'] textarea",
            run: "edit The customer pays on Friday.",
        },
        {
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "The quotation waits",
            trigger: "body:not(:has(.modal)) div[name='credit_blocked']",
        },
    ],
});

tours.add("credit_hold_released", {
    steps: () => [
        {
            content: "The hold shows what is insured and what is not",
            trigger: "div[name='own_risk_amount']:contains('17,000.00')",
        },
        {
            trigger: "button[name='action_release']",
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
            content: "It is released",
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains('Released')",
        },
    ],
});

tours.add("credit_released_order_confirmed", {
    steps: () => [
        {
            trigger: "button[name='action_confirm']:visible",
            run: "click",
        },
        {
            content: "It is an order now",
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Sales Order')",
        },
    ],
});
