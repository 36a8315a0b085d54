"""Methods of other add-ons with something around the whole of them.

An override would stand inside what a later module adds.
"""

import functools


def wrap(model_class, name, wrapper):
    """Put a wrapper around the whole of a method, once per registry."""
    method = getattr(model_class, name)
    if not hasattr(method, "credit_wrapped"):
        wrapped = functools.wraps(method)(wrapper(method))
        wrapped.credit_wrapped = True
        setattr(model_class, name, wrapped)


def keep_wrapped(env):
    """Have what is wrapped stay so where administrators change automation rules.

    Odoo then takes off every ``create`` and ``write`` that was put on a model later,
    not its own alone, in the process at work, until it is started again.
    """
    if "base.automation" in env:
        rules = env.registry["base.automation"]
        wrap(rules, "_update_registry", _then_wrap_again)


def _then_wrap_again(method):
    def _update_registry(self):
        method(self)
        self.env["credit.insurance.review"]._register_hook()

    return _update_registry
