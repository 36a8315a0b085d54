import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const figure = (name, text) => ({ trigger: `div[name='${name}']:contains('${text}')` });
const press = (name) => ({ trigger: `button[name='${name}']`, run: "click" });
const confirm = (content) => ({
    content,
    trigger: ".modal .modal-footer .btn-primary",
    run: "click",
});
const page = (name) => ({ trigger: `a.nav-link[name='${name}']`, run: "click" });
const step = (state) => ({
    trigger: `.o_arrow_button_current[data-value='${state}']`,
});
const why = (label, amount) => ({
    trigger: `div[name='unpaid_table'] tr:contains('${label}'):contains('${amount}')`,
});
const recovery = ".o_selected_row td";

// From the notice to the money: what the insurer is to pay and why it pays no more, what
// it admits and pays, its share of a recovery, and the drafts for the accountant.
registry.category("web_tour.tours").add("credit_claim_paid", {
    steps: () => [
        {
            content: "The notice that was sent",
            trigger: ".o_data_row td[name='partner_id']:contains('BETA')",
            run: "click",
        },
        press("action_prepare_claim"),
        figure("expected_amount", "79,000.00"),
        press("action_file"),
        confirm("Handed to the insurer"),
        step("filed"),
        figure("name", "CLM/"),
        page("unpaid"),
        why("Owed", "120,000.00"),
        why("beyond the insured percentage", "10,000.00"),
        why("Deductible of each claim", "1,000.00"),
        why("Aggregate first loss", "10,000.00"),
        why("limit", "20,000.00"),
        why("Indemnity", "79,000.00"),
        press("action_wait"),
        step("waiting"),
        press("action_admit"),
        confirm("All of the indemnity expected, today"),
        step("admitted"),
        press("action_pay"),
        confirm("All that was admitted, today"),
        step("paid"),
        page("recoveries"),
        {
            trigger: "div[name='recovery_ids'] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: `${recovery}[name='gross_amount'] input`,
            run: "edit 30000",
        },
        {
            trigger: `${recovery}[name='costs'] input`,
            run: "edit 3000",
        },
        ...stepUtils.saveForm(),
        {
            content: "27,000 less what is the insured's own",
            trigger: "td[name='insurer_amount']:contains('20,250.00')",
        },
        {
            trigger: "td[name='own_amount']:contains('6,750.00')",
        },
        {
            content: "120,000 owed, 100,000 within the limit at 90 %",
            trigger: "td[name='share_text']:contains('75 % =')",
        },
        press("action_declare"),
        {
            trigger: "div[name='recovery_ids'] td[name='state']:contains('Declared')",
        },
        page("entries"),
        press("action_prepare_entries"),
        {
            content: "The indemnity and the insurer's share, drafts to be reviewed",
            trigger: ".o_list_view .o_data_row:contains('79,000.00') td[name='state']:contains('To Review')",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('20,250.00') td[name='state']:contains('To Review')",
        },
    ],
});
