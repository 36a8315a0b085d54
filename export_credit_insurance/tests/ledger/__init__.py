from . import test_ledger_views
