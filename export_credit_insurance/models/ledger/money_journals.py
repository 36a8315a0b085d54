"""In which journals money comes in and goes out: the one definition."""

#: bank, cash and credit cards, as Odoo's own payments know them
MONEY_JOURNALS = ("bank", "cash", "credit")
