# One line per file of tests, as in the main add-on.
from . import test_delivery_payment
from . import test_event
from . import test_expense
from . import test_installed
from . import test_kit
from . import test_leaks
from . import test_loyalty
from . import test_manifest
from . import test_payment
from . import test_portal
from . import test_pos
from . import test_project
from . import test_shop
from . import test_tours
from . import test_scanner
from . import test_booth
from . import test_payment_link
