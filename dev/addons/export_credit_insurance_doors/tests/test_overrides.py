import inspect

from odoo.tests import TransactionCase, tagged

OURS = "odoo.addons.export_credit_insurance"
SAID = "# OVERRIDES"
HOOKS = ("_compute_display_name", "init")  # Odoo's, for every model to fill


@tagged("post_install", "-at_install")
class TestOverrides(TransactionCase):
    """No method takes the place of another's by having its name.

    Among all the neighbours, which may have a method of any name: what one of ours does
    not hand on to ``super()`` is replaced on purpose, and says so.
    """

    def test_none_replaces_another_without_a_word(self):
        models = [self.env[name] for name in self.registry]
        found = {name for model in models for name in self.replaced(type(model))}
        self.assertFalse(sorted(found))

    def replaced(self, model):
        """Yield the methods of ours that replace another's without a word."""
        lineage = model.__mro__
        for place, each in enumerate(lineage):
            if self.is_ours(each):
                others = self.others(each, lineage[place + 1 :])
                for name, method in self.methods(each).items():
                    if name in others and not self.says_so(each, method):
                        yield f"{each.__module__}: {name}"

    def others(self, each, behind):
        """Return the names of methods that one of the class would replace.

        Who makes a model fills the hooks of our mixins.
        """
        if "_name" in vars(each) and each._name not in (each._inherit or ()):
            behind = [one for one in behind if not self.is_ours(one)]
        return {name for one in behind for name in self.methods(one)} - {*HOOKS}

    def is_ours(self, each):
        return each.__module__.startswith(OURS)

    def methods(self, each):
        return {
            name: value
            for name, value in vars(each).items()
            if inspect.isfunction(value) and not name.startswith("__")
        }

    def says_so(self, each, method):
        source = inspect.getsource(method)
        return any(
            word in source for word in ("super()", f"super({each.__name__},", SAID)
        )
