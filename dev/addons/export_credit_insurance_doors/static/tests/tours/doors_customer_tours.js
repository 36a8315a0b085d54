import { registry } from "@web/core/registry";
import * as shop from "@website_sale/js/tours/tour_utils";

// What customers see whose order waits: nothing of why.
const SECRETS = /credit|insur|\blimit|exposure|\brisk|\bhold\b|\bheld\b|\bblocked/i;

function readsNothingOfIt() {
    return {
        content: "Not a word of it on the page",
        trigger: "#wrapwrap main",
        run() {
            const found = this.anchor.innerText.match(SECRETS);
            if (found) {
                throw new Error(`A customer reads: ${found[0]}`);
            }
        },
    };
}

const tours = registry.category("web_tour.tours");

tours.add("doors_visitor_buys_beyond_the_limit", {
    steps: () => [
        ...shop.searchProduct("Valves", { select: true }),
        {
            content: "Into the cart",
            trigger: "#product_detail form #add_to_cart",
            run: "click",
        },
        shop.goToCart(),
        shop.goToCheckout(),
        ...shop.fillAdressForm(undefined, true),
        shop.confirmOrder(),
        {
            content: "Pay the driver",
            trigger:
                "input[name='o_payment_radio'][data-payment-method-code='cash_on_delivery']",
            run: "click",
        },
        ...shop.pay({ expectUnloadPage: true, waitFinalizeYourPayment: true }),
        {
            content: "The visitor is thanked",
            trigger: "h3:contains('Thank you for your order.')",
        },
        readsNothingOfIt(),
    ],
});

tours.add("doors_customer_signs_beyond_the_limit", {
    steps: () => [
        {
            content: "Sign",
            trigger: ".o_portal_sale_sidebar a:contains('Sign')",
            run: "click",
        },
        {
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit Ana",
        },
        {
            trigger: ".modal .o_web_sign_auto_select_style button",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:eq(1)",
            run: "click",
        },
        {
            trigger: ".modal canvas.o_web_sign_signature",
            run: "canvasNotEmpty",
        },
        {
            content: "Send it",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The customer will hear of us",
            trigger: ".alert:contains('We will confirm it shortly.')",
        },
        readsNothingOfIt(),
    ],
});
