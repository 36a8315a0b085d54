# One line per file of tests, as in the main add-on.
from . import test_manifest
from . import test_translations
from . import test_delivery_facts
from . import test_delivery_gate
from . import test_delivery_background
from . import test_delivery_release
from . import test_shipment_dates
from . import test_delivery_money
from . import test_delivery_queries
from . import test_delivery_access
from . import test_delivery_race
from . import test_hostile_open
from . import test_hostile_done
from . import test_hostile_release
from . import test_delivery_tour
from . import test_delivery_evidence
from . import test_delivery_group
