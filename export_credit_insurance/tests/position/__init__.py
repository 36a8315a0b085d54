from . import test_alfa
from . import test_explanation
from . import test_position_views
