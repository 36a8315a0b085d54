from . import test_hostile_names
