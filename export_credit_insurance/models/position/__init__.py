from . import credit_insurance_position
from . import res_company
from . import cache
