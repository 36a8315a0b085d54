# One line per file of tests, as in the main add-on.
from . import test_installed
from . import test_manifest
