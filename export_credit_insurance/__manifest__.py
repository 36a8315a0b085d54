{
    "name": "Export Credit Insurance",
    "summary": "Insured limits, live cover, and orders that cannot exceed it",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Export Credit Insurance for Odoo",
    "license": "LGPL-3",
    "depends": ["account", "sale"],
    "data": [
        # security
        "security/res_groups.xml",
        "security/ir.model.access.csv",
        # root menus, which the rooms hang theirs on
        "views/credit_insurance_menus.xml",
        # reference
        "security/reference_rules.xml",
        "data/reference/credit_insurance_zone_data.xml",
        "data/reference/credit_insurance_rating_source_data.xml",
        "data/reference/credit_insurance_country_rating_data.xml",
        "data/reference/credit_insurance_band_data.xml",
        "views/reference/credit_insurance_zone_views.xml",
        "views/reference/credit_insurance_rating_source_views.xml",
        "views/reference/credit_insurance_rating_import_views.xml",
        "views/reference/credit_insurance_rating_edition_views.xml",
        "views/reference/credit_insurance_country_rating_views.xml",
        "views/reference/credit_insurance_country_event_views.xml",
        "views/reference/credit_insurance_band_views.xml",
        "views/reference/credit_insurance_buyer_rating_views.xml",
        "views/reference/res_country_views.xml",
        "views/reference/reference_menus.xml",
        # ledger
        # contract
        "security/contract_rules.xml",
        "data/credit_insurance_insurer_data.xml",
        "data/credit_insurance_contract_cron.xml",
        "views/contract/credit_insurance_limit_decision_views.xml",
        "views/contract/credit_insurance_limit_views.xml",
        "views/contract/credit_insurance_policy_views.xml",
        "views/contract/credit_insurance_insurer_views.xml",
        "views/contract/credit_insurance_security_views.xml",
        "views/contract/credit_insurance_own_risk_views.xml",
        "views/contract/contract_menus.xml",
        # position
        "data/position/ir_cron_data.xml",
        # decision
        "security/decision_rules.xml",
        "data/decision/mail_activity_type_data.xml",
        "data/decision/credit_insurance_check_rule_data.xml",
        "data/decision/ir_cron_data.xml",
        "views/decision/credit_insurance_hold_request_views.xml",
        "views/decision/credit_insurance_hold_decision_views.xml",
        "views/decision/credit_insurance_hold_views.xml",
        "views/decision/credit_insurance_clearance_views.xml",
        "views/decision/credit_insurance_check_rule_views.xml",
        "views/decision/res_config_settings_views.xml",
        "views/decision/sale_order_views.xml",
    ],
    "demo": [
        "demo/credit_insurance_company_demo.xml",
        "demo/credit_insurance_contract_demo.xml",
        "demo/credit_insurance_document_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "export_credit_insurance/static/src/**/*",
        ],
        "web.assets_tests": [
            "export_credit_insurance/static/tests/tours/**/*",
        ],
    },
    "application": True,
    "pre_init_hook": "pre_init_hook",
    "uninstall_hook": "uninstall_hook",
}
