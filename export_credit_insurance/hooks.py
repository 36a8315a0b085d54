def pre_init_hook(env):
    """Make the stored columns on Odoo's own tables by SQL, before the ORM would fill them."""


def uninstall_hook(env):
    """Leave nothing of ours behind."""
