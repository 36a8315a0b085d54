"""The main screens, for ``make shots``: add a line, run it, look at the pictures."""

from typing import NamedTuple


class Screen(NamedTuple):
    """One screen, taken in every language.

    :param name: of the file: NAME-en.png, NAME-fr.png
    :param path: what stands behind the host in the address bar;
        ``/odoo/action-MODULE.ACTION`` opens an action by its XML id, and ``{id}`` is
        the id of `record`
    :param login: a demo user, whose password is like the login
    :param clicks: CSS selectors to click, one after the other
    :param record: XML id of a demo record
    :param phone: whether it is seen on a phone
    """

    name: str
    path: str
    login: str = "admin"
    clicks: tuple = ()
    record: str = ""
    phone: bool = False


ADDON = "export_credit_insurance"
BRIDGE = "export_credit_insurance_stock"
ACTION = f"/odoo/action-{ADDON}."
PLAN = f"{ADDON}.credit_followup_plan_domestic"


def _demo(name):
    return f"{ADDON}.demo_{name}"


TRANSFERS = "/odoo/action-stock.action_picking_tree_all"

SCREENS = (
    Screen("dashboard", "/odoo/credit-dashboard", login="director"),
    Screen("dashboard_phone", "/odoo/credit-dashboard", login="director", phone=True),
    Screen(
        "dashboard_uncovered",
        "/odoo/credit-dashboard",
        login="director",
        clicks=("button.o_credit_by_uncovered",),
    ),
    Screen("my_day", "/odoo/credit-my-day", login="controller"),
    Screen("my_day_phone", "/odoo/credit-my-day", login="controller", phone=True),
    Screen("my_day_sales", "/odoo/my-credit-day", login="sales"),
    Screen("buyers", "/odoo/credit-buyers", login="director"),
    Screen(
        "buyer", "/odoo/credit-buyers/{id}", "controller", record=_demo("buyer_alfa")
    ),
    Screen(
        "buyer_explained",
        "/odoo/credit-buyers/{id}",
        login="controller",
        clicks=("button.o_credit_explain",),
        record=_demo("buyer_alfa"),
    ),
    Screen(
        "buyer_transfer_blocked",
        "/odoo/credit-buyers/{id}",
        login="controller",
        record=_demo("buyer_awash"),
    ),
    Screen(
        "country_ratings",
        ACTION + "credit_insurance_country_rating_action",
        login="controller",
    ),
    Screen("country", "/odoo/credit-countries/{id}", "director", record="base.et"),
    Screen("bands", ACTION + "credit_insurance_band_action", login="director"),
    Screen(
        "quotation_calm",
        "/odoo/sales/{id}",
        login="sales",
        record=_demo("quotation_calm"),
    ),
    Screen(
        "quotation_over_limit",
        "/odoo/sales/{id}",
        login="sales",
        record=_demo("quotation_over_limit"),
    ),
    Screen(
        "order_law",
        "/odoo/sales/{id}",
        login="controller",
        clicks=("a[name=other_information]",),
        record=_demo("quotation_calm"),
    ),
    Screen(
        "quotation_refused",
        "/odoo/sales/{id}",
        login="controller",
        clicks=("button[name=action_confirm]:not(.d-none)",),
        record=_demo("quotation_over_limit"),
    ),
    Screen("holds", ACTION + "action_credit_insurance_hold", login="controller"),
    Screen(
        "hold",
        ACTION + "action_credit_insurance_hold",
        login="controller",
        clicks=(".o_data_row td[name=name]",),
    ),
    Screen(
        "hold_release",
        ACTION + "action_credit_insurance_hold",
        login="controller",
        clicks=(".o_data_row td[name=name]", "button[name=action_release]"),
    ),
    Screen("holds_all", ACTION + "action_credit_insurance_hold_all", "controller"),
    Screen(
        "hold_delivery",
        ACTION + "action_credit_insurance_hold/{id}",
        login="controller",
        record=f"{BRIDGE}.demo_hold_meuse",
    ),
    Screen(
        "delivery_on_hold",
        TRANSFERS + "/{id}",
        login="warehouse",
        record=f"{BRIDGE}.demo_delivery_meuse",
    ),
    Screen(
        "delivery_refused",
        TRANSFERS + "/{id}",
        login="warehouse",
        clicks=("button[name=button_validate]:not(.d-none)",),
        record=f"{BRIDGE}.demo_delivery_meuse",
    ),
    Screen("deliveries", TRANSFERS, "warehouse", (".o_switch_view.o_kanban",)),
    Screen(
        "reviews",
        ACTION + "action_credit_insurance_review_line",
        login="controller",
        clicks=("tr.o_group_header",),
    ),
    Screen(
        "reviews_phone",
        ACTION + "action_credit_insurance_review_line",
        login="controller",
        phone=True,
    ),
    Screen("followup_plans", ACTION + "credit_followup_plan_action", "director"),
    Screen("followup_runs", ACTION + "credit_followup_run_action", "accountant"),
    Screen(
        "followup_plan",
        ACTION + "credit_followup_plan_action/{id}",
        login="director",
        record=PLAN,
    ),
    Screen(
        "followup_step",
        ACTION + "credit_followup_plan_action/{id}",
        login="director",
        clicks=(
            ".o_field_widget[name=step_ids] .o_data_row:nth-child(5) td[name=name]",
        ),
        record=PLAN,
    ),
    Screen(
        "followup_preview",
        ACTION + "credit_followup_plan_action/{id}",
        login="director",
        clicks=(
            ".o_field_widget[name=step_ids] .o_data_row:nth-child(5) td[name=name]",
            ".modal button[name=action_preview]",
        ),
        record=PLAN,
    ),
    Screen(
        "followup_run",
        ACTION + "credit_followup_run_action/{id}",
        login="accountant",
        record=_demo("run"),
    ),
    Screen(
        "followup_run_phone",
        ACTION + "credit_followup_run_action/{id}",
        login="accountant",
        record=_demo("run"),
        phone=True,
    ),
    Screen(
        "followup_reminders", ACTION + "credit_followup_reminder_action", "accountant"
    ),
    Screen(
        "followup_reminder",
        ACTION + "credit_followup_reminder_action",
        login="accountant",
        clicks=(
            '.o_data_row:has(td[data-tooltip^="Hydro"]) td[name=partner_id]',
            "a[name=preview]",
        ),
    ),
    Screen(
        "followup_reminder_phone",
        ACTION + "credit_followup_reminder_action",
        login="accountant",
        clicks=(".o_kanban_record, .o_data_row td[name=partner_id]",),
        phone=True,
    ),
    Screen(
        "followup_sheet",
        "/odoo/credit-buyers/{id}",
        login="controller",
        clicks=("button[name=action_credit_sheet]",),
        record=_demo("buyer_gulf_marine"),
    ),
    Screen(
        "followup_sheet_phone",
        "/odoo/credit-buyers/{id}",
        login="controller",
        clicks=("button[name=action_credit_sheet]",),
        record=_demo("buyer_gulf_marine"),
        phone=True,
    ),
    Screen("portal_statement", "/my/statement", login="customer"),
    Screen("portal_statement_phone", "/my/statement", login="customer", phone=True),
    Screen(
        "followup_buyer",
        "/odoo/credit-buyers/{id}",
        login="accountant",
        clicks=(".nav-link[name=credit_insurance]",),
        record=_demo("buyer_gulf_marine"),
    ),
    Screen(
        "followup_promise",
        ACTION + "credit_followup_promise_action/{id}",
        login="accountant",
        record=_demo("promise_broken"),
    ),
    Screen(
        "followup_dispute",
        ACTION + "credit_followup_dispute_action/{id}",
        login="accountant",
        record=_demo("dispute_gulf_marine"),
    ),
    Screen(
        "followup_invoice",
        "/odoo/customer-invoices/{id}",
        login="accountant",
        clicks=("a[name=credit_insurance]",),
        record=_demo("invoice_gulf_marine_1"),
    ),
    Screen(
        "release_authorities",
        ACTION + "action_credit_insurance_release_authority",
        login="director",
    ),
    Screen(
        "release_authority",
        ACTION + "action_credit_insurance_release_authority/{id}",
        login="director",
        record=_demo("authority_controllers_asia"),
    ),
    Screen(
        "observation_end",
        ACTION + "credit_insurance_policy_action/{id}",
        login="director",
        clicks=("button[name=action_review_observation]",),
        record=_demo("policy_coface"),
    ),
    Screen(
        "holds_phone",
        ACTION + "action_credit_insurance_hold",
        login="controller",
        phone=True,
    ),
    Screen(
        "quotation_phone",
        "/odoo/sales/{id}",
        login="sales",
        record=_demo("quotation_over_limit"),
        phone=True,
    ),
    Screen(
        "release_request",
        "/odoo/sales/{id}",
        login="sales",
        clicks=("button[name=action_confirm]:not(.d-none)", ".modal .btn-primary"),
        record=_demo("quotation_over_limit"),
    ),
    Screen(
        "limit_decision",
        ACTION + "credit_insurance_limit_action/{id}",
        login="controller",
        clicks=("button[name=action_record_decision]",),
        record=_demo("limit_prairie"),
    ),
    Screen("limits", ACTION + "credit_insurance_limit_action", login="controller"),
    Screen(
        "limits_phone",
        ACTION + "credit_insurance_limit_action",
        login="controller",
        phone=True,
    ),
    Screen(
        "policy",
        ACTION + "credit_insurance_policy_action/{id}",
        login="director",
        record=_demo("policy_26"),
    ),
    Screen("policies", ACTION + "credit_insurance_policy_action", login="director"),
    Screen("own_risk", ACTION + "credit_insurance_own_risk_action", login="director"),
    Screen("securities", ACTION + "credit_insurance_security_action", login="director"),
    Screen("zones", ACTION + "credit_insurance_zone_action", login="director"),
    Screen(
        "weights_trial",
        ACTION + "credit_insurance_band_action",
        login="director",
        clicks=("button.o_credit_try_weights",),
    ),
    Screen("coverage_advisor", ACTION + "credit_insurance_advice_action", "director"),
    Screen(
        "coverage_advice",
        ACTION + "credit_insurance_advice_action",
        login="director",
        clicks=(".o_list_button_add", "button[name='action_advise']"),
    ),
    Screen(
        "to_insure",
        ACTION + "credit_insurance_to_insure_action",
        login="controller",
    ),
    Screen(
        "reviews_due",
        ACTION + "credit_insurance_buyer_review_due_action",
        login="controller",
    ),
    Screen(
        "buyer_review",
        ACTION + "credit_insurance_buyer_review_due_action",
        login="controller",
        clicks=("button[name='action_review']",),
    ),
    Screen(
        "buyer_group",
        ACTION + "credit_insurance_group_exposure_action",
        login="director",
        clicks=(".o_data_row .o_data_cell",),
    ),
    Screen(
        "stress_test",
        ACTION + "credit_insurance_stress_test_action",
        login="director",
        clicks=("button[name='action_work_out']",),
    ),
    Screen(
        "stress_pivot",
        ACTION + "credit_insurance_stress_test_action",
        login="director",
        clicks=(
            "button[name='action_work_out']",
            "button[name='action_open_lines']",
            ".o_switch_view.o_pivot",
        ),
    ),
    Screen(
        "default_cost",
        "/odoo/credit-buyers/{id}",
        login="controller",
        clicks=("button[name='action_credit_default_cost']",),
        record=_demo("buyer_alfa"),
    ),
    Screen(
        "score_import",
        ACTION + "credit_insurance_buyer_rating_action",
        login="director",
        clicks=("button.o_credit_import_ratings",),
    ),
    Screen(
        "payment_experience",
        ACTION + "credit_insurance_payment_experience_action",
        login="director",
    ),
    Screen(
        "rating_sources",
        ACTION + "credit_insurance_rating_source_action",
        login="director",
    ),
    Screen(
        "check_rules", ACTION + "action_credit_insurance_check_rule", login="director"
    ),
    Screen("exposure", "/odoo/credit-exposure", login="director"),
    Screen(
        "exposure_as_of",
        ACTION + "credit_insurance_exposure_report_action",
        login="director",
    ),
    Screen(
        "exposure_as_of_list",
        ACTION + "credit_insurance_exposure_as_of_action",
        login="director",
    ),
    Screen("ageing", "/odoo/credit-ageing", login="director"),
    Screen(
        "ageing_list",
        "/odoo/credit-ageing",
        login="director",
        clicks=(".o_switch_view.o_list",),
    ),
    Screen(
        "ageing_graph",
        "/odoo/credit-ageing",
        login="director",
        clicks=(".o_switch_view.o_graph",),
    ),
    Screen("cover_by_invoice", "/odoo/credit-cover-invoices", login="director"),
    Screen(
        "limit_import",
        "/odoo/credit-limit-imports/{id}",
        login="controller",
        record=_demo("limit_import"),
    ),
    Screen(
        "limit_format",
        ACTION + "credit_insurance_limit_profile_action",
        login="director",
        clicks=(".o_data_row:first-child td[name='name']",),
    ),
    Screen("deadlines", "/odoo/credit-deadlines", login="controller"),
    Screen("deadlines_phone", "/odoo/credit-deadlines", "controller", phone=True),
    Screen("overdue_notices", "/odoo/credit-overdue-notices", login="controller"),
    Screen(
        "overdue_notice",
        "/odoo/credit-overdue-notices/{id}",
        login="controller",
        record=_demo("notice_anadolu"),
    ),
    Screen("declarations", "/odoo/credit-declarations", login="controller"),
    Screen(
        "declaration",
        "/odoo/credit-declarations/{id}",
        login="controller",
        record=_demo("declaration_last"),
    ),
    Screen(
        "declaration_left_out",
        "/odoo/credit-declarations/{id}",
        login="controller",
        clicks=("a[name=excluded]",),
        record=_demo("declaration_running"),
    ),
    Screen(
        "declaration_premium",
        "/odoo/credit-declarations/{id}",
        login="controller",
        clicks=("a[name=premium]",),
        record=_demo("declaration_last"),
    ),
    Screen(
        "policy_years",
        ACTION + "credit_insurance_policy_action/{id}",
        login="director",
        clicks=("a[name=years]",),
        record=_demo("policy_26"),
    ),
    Screen(
        "policy_premium",
        ACTION + "credit_insurance_policy_action/{id}",
        login="director",
        clicks=(
            "a[name=years]",
            ".o_data_row:nth-child(2) button[name=action_open_premium]",
        ),
        record=_demo("policy_26"),
    ),
    Screen("limit_requests", "/odoo/credit-requests", login="controller"),
    Screen(
        "limit_request",
        "/odoo/credit-requests/{id}",
        login="controller",
        record=_demo("request_nordwasser"),
    ),
    Screen("limit_use", "/odoo/credit-limit-use", login="controller"),
    Screen(
        "limit_unused",
        ACTION + "credit_insurance_limit_unused_action",
        login="controller",
    ),
    Screen(
        "insurer_service",
        ACTION + "credit_insurance_provider_account_action",
        clicks=(".o_list_button_add",),
    ),
    Screen(
        "insolvency",
        "/odoo/credit-insolvencies/{id}",
        login="controller",
        record=_demo("insolvency_velay"),
    ),
    Screen("insolvency_tasks", "/odoo/credit-insolvency-tasks", login="controller"),
    Screen(
        "adverse_information",
        "/odoo/credit-adverse-information/{id}",
        login="controller",
        record=_demo("adverse_info_adriatica"),
    ),
    Screen("extensions", "/odoo/credit-extensions", login="controller"),
    Screen("recoveries", "/odoo/credit-recoveries", login="controller"),
    Screen("cut_notices", "/odoo/credit-cut-orders", login="controller"),
    Screen(
        "cut_notice",
        "/odoo/credit-cut-orders",
        login="controller",
        clicks=(".o_data_row td[name='partner_id']",),
    ),
    Screen("limit_imports", "/odoo/credit-limit-imports", login="controller"),
    Screen("stop_margins", "/odoo/credit-stop-margins", login="controller"),
    Screen(
        "invoice",
        "/odoo/customer-invoices/{id}",
        login="accountant",
        clicks=("a[name=credit_insurance]",),
        record=_demo("invoice_alfa_1"),
    ),
    Screen("sold_receivables", "/odoo/credit-sold-receivables", login="controller"),
    Screen(
        "sale_to_a_factor",
        "/odoo/credit-sold-receivables/{id}",
        login="controller",
        record=_demo("assignment_gulf_marine"),
    ),
    Screen("evidence", "/odoo/credit-evidence", login="controller"),
    Screen(
        "evidence_form",
        "/odoo/credit-evidence/{id}",
        login="controller",
        record=_demo("evidence_alfa"),
    ),
    Screen("settings", ACTION + "res_config_settings_action"),
    Screen("claims", "/odoo/credit-claims", "controller"),
    Screen("claims_phone", "/odoo/credit-claims", "controller", phone=True),
    Screen(
        "claim", "/odoo/credit-claims/{id}", "controller", (), _demo("claim_slaska")
    ),
    Screen(
        "claim_unpaid",
        "/odoo/credit-claims/{id}",
        login="controller",
        clicks=(".nav-link[name=unpaid]",),
        record=_demo("claim_slaska"),
    ),
    Screen(
        "claim_recoveries",
        "/odoo/credit-claims/{id}",
        login="controller",
        clicks=(".nav-link[name=recoveries]",),
        record=_demo("claim_slaska"),
    ),
    Screen(
        "claim_entries",
        "/odoo/credit-claims/{id}",
        login="controller",
        clicks=(".nav-link[name=entries]",),
        record=_demo("claim_slaska"),
    ),
    Screen(
        "claim_closing",
        "/odoo/credit-claims/{id}",
        login="controller",
        clicks=(".nav-link[name=entries]", "button[name=action_prepare_closing]"),
        record=_demo("claim_slaska"),
    ),
    Screen(
        "deadlines_calendar",
        "/odoo/credit-deadlines",
        login="controller",
        clicks=(".o_switch_view.o_calendar",),
    ),
)
