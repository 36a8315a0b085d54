from . import test_ledger_views
from . import test_dispute
from . import test_original_due_date
from . import test_shipment_date
from . import test_stop_history
