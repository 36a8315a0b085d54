def post_init_hook(env):
    """Date what was delivered before the bridge came, where orders are checked."""
    companies = env["res.company"].browse(env["res.company"]._credit_check_modes())
    env["credit.insurance.shipment"]._date_open_documents(companies)
