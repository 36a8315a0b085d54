"""What goes into a database: which add-ons of ours, and what stands there before."""

import ast
from typing import NamedTuple

from .files import addon_digest, digest
from .settings import (
    ADDON,
    BRIDGE,
    COMPANION_MODULES,
    DOORS_ADDON,
    EXAMPLE_ADDON,
    NEVER_SHIPPED,
    ROOT,
    TEST_ADDONS,
)


def addon_dir(addon):
    return (TEST_ADDONS if addon in NEVER_SHIPPED else ROOT) / addon


def manifest(addon=ADDON):
    return ast.literal_eval((addon_dir(addon) / "__manifest__.py").read_text())


class Recipe(NamedTuple):
    """The add-ons of ours that are installed in a database.

    :param addons: their names, each after those it depends on
    """

    addons: tuple

    @property
    def modules(self):
        """What stands in the template: all that the add-ons need, none of them."""
        needed = {name for addon in self.addons for name in manifest(addon)["depends"]}
        return sorted({*needed, *COMPANION_MODULES} - {*self.addons})

    @property
    def digest(self):
        """Stands for what a database would have to be updated for."""
        return digest(*(addon_digest(addon_dir(addon)) for addon in self.addons))

    def install(self):
        """Odoo's options that install what is missing of the add-ons."""
        return ("-i", ",".join(self.addons))

    def update(self):
        """Odoo's options that update them; one that was added since is installed."""
        return (*self.install(), "-u", ",".join(self.addons))


# What most companies have: sales and invoices.
MAIN = Recipe((ADDON,))
# The bridge beside it, with the inventory.
STOCK = Recipe((ADDON, BRIDGE))
# All the modules that confirm, enlarge or deliver an order in a way of their own.
DOORS = Recipe((ADDON, BRIDGE, DOORS_ADDON, EXAMPLE_ADDON))
