"""What is measured: the rows of the report, one module per part of the add-on."""

from . import buyers, deliveries, followup, grid, orders, peers, reports, screens

MODULES = (orders, peers, deliveries, screens, reports, buyers, grid, followup)


def all_cases(databases):
    """Return the cases of all modules, in the order of the report."""
    return [case for module in MODULES for case in module.cases(databases)]
