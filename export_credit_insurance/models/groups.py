"""The groups that fields and methods of every room name."""

CREDIT_GROUP = "export_credit_insurance.group_credit_user"
CONTROLLER_GROUP = "export_credit_insurance.group_credit_controller"
MANAGER_GROUP = "export_credit_insurance.group_credit_manager"
ADMIN_GROUP = "base.group_system"
FOLLOWUP_GROUP = "export_credit_insurance.group_credit_followup"
SALES_GROUP = "sales_team.group_sale_salesman"

# Settings of a company are read together, and not with whatever else needs the company.
SETTINGS = "credit_insurance"
