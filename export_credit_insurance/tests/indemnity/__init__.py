from . import test_deadline_clock
