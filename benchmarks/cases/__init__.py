"""What is measured: the rows of the report, one module per part of the add-on."""

from . import buyers, deliveries, followup, grid, orders, reports, screens


def all_cases(databases):
    """Return the cases of all modules, in the order of the report."""
    return [
        case
        for module in (orders, deliveries, screens, reports, buyers, grid, followup)
        for case in module.cases(databases)
    ]
