from . import test_alfa
from . import test_explanation
