{
    "name": "Credit Insurance: Example",
    "summary": "What the developer's guide shows. Never shipped",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Export Credit Insurance for Odoo",
    "license": "LGPL-3",
    "depends": ["export_credit_insurance"],
    "data": [
        "security/ir.model.access.csv",
        "data/credit_insurance_check_rule_data.xml",
        "data/credit_insurance_limit_profile_data.xml",
    ],
}
