from . import test_alfa
from . import test_explanation
from . import test_exposure_currency
from . import test_exposure_deposit
from . import test_exposure_order
from . import test_exposure_receivable
from . import test_overdue_stop_cron
from . import test_tax_basis
