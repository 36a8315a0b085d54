from . import test_hostile_files
from . import test_neutralize
