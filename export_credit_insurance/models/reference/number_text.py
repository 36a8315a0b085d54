from odoo.tools import float_is_zero, formatLang


def number_text(env, value):
    """Write a number as the user's language does, without needless decimals."""
    digits = 0 if float_is_zero(value - round(value), precision_digits=2) else 2
    return formatLang(env, value, digits=digits)
