# One line per file of tests, as in the main add-on.
from . import test_bucket
from . import test_finding
from . import test_page
from . import test_profile
