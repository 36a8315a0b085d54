import { registry } from "@web/core/registry";

// A delivery on hold and its cure, one tour per persona, each in its own login.
const tours = registry.category("web_tour.tours");

tours.add("credit_delivery_refused_and_release_asked", {
    steps: () => [
        {
            content: "The banner says by how much it is too much, and no reason",
            trigger:
                "div[name='credit_blocked']:contains('72,000.00'):not(:contains('imit'))",
        },
        {
            content: "Validate all the same",
            trigger: "button[name='button_validate']:visible",
            run: "click",
        },
        {
            content: "It is refused, with the amount",
            trigger: ".modal .modal-body:contains('72,000.00')",
        },
        {
            content: "Ask for a release from there",
            trigger: ".modal .modal-footer button:contains('Ask for Credit Release')",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal div[name='reason'] textarea",
            run: "edit The lorry waits at the gate.",
        },
        {
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "The transfer waits, and says who asked",
            trigger:
                "body:not(:has(.modal)) div[name='credit_blocked']:contains('asked for')",
        },
    ],
});

tours.add("credit_delivery_released", {
    steps: () => [
        {
            content: "The hold is one of a delivery",
            trigger: "div[name='picking_id']",
        },
        {
            content: "And shows at whose risk it would leave",
            trigger: "div[name='own_risk_amount']:contains('72,000.00')",
        },
        {
            trigger: "button[name='action_release']",
            run: "click",
        },
        {
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

tours.add("credit_released_delivery_validated", {
    steps: () => [
        {
            content: "The banner says who released it",
            trigger: "div[name='credit_warning']:contains('Released by')",
        },
        {
            trigger: "button[name='button_validate']:visible",
            run: "click",
        },
        {
            content: "It has left",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Done')",
        },
    ],
});
