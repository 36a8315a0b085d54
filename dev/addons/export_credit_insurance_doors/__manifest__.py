{
    "name": "Credit Insurance: Doors",
    "summary": "Tests of the ways into an order that other modules open. Never shipped",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Export Credit Insurance for Odoo",
    "license": "LGPL-3",
    "depends": [
        "export_credit_insurance",
        "export_credit_insurance_stock",
        # the neighbours, through whose doors orders come in, grow and are delivered
        "crm",
        "delivery",
        "payment_custom",
        "payment_demo",
        "pos_sale",
        "purchase",
        "sale_expense",
        "sale_loyalty",
        "sale_management",
        "sale_mrp",
        "sale_project",
        "sale_timesheet",
        "stock_dropshipping",
        "website_event_sale",
        "website_sale",
        "website_sale_collect",
    ],
    "assets": {
        "web.assets_tests": [
            "export_credit_insurance_doors/static/tests/tours/**/*",
        ],
    },
}
