{
    "name": "Credit Insurance: Stock",
    "summary": "Shipment dates from deliveries, and deliveries that pass the check",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Export Credit Insurance for Odoo",
    "license": "LGPL-3",
    "depends": ["export_credit_insurance", "sale_stock"],
    "data": [
        "security/ir.model.access.csv",
        "security/delivery_rules.xml",
        "data/mail_activity_type_data.xml",
        "views/credit_insurance_delivery_request_views.xml",
        "views/credit_insurance_hold_views.xml",
        "views/credit_insurance_review_views.xml",
        "views/stock_picking_views.xml",
    ],
    "demo": ["demo/credit_insurance_stock_demo.xml"],
    "assets": {
        "web.assets_tests": [
            "export_credit_insurance_stock/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
