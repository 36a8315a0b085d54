from . import test_access_companies
from . import test_access_fields
from . import test_access_matrix
from . import test_access_rpc
