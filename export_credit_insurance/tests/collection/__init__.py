from . import test_followup_lookups
from . import test_hostile_names
