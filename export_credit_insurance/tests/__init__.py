from .position import test_alfa
