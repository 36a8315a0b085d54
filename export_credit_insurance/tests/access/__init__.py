from . import test_access_companies
from . import test_access_fields
from . import test_access_matrix
from . import test_access_rpc
from . import test_access_every_call
from . import test_access_every_model
