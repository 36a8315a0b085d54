{
    "name": "Credit Insurance: Stock",
    "summary": "Shipment dates from deliveries, and deliveries that pass the check",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "Export Credit Insurance for Odoo",
    "license": "LGPL-3",
    "depends": ["export_credit_insurance", "sale_stock"],
    "auto_install": True,
}
