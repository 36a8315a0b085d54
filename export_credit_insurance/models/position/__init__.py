from . import credit_insurance_position
from . import res_company
from . import cache
from . import credit_insurance_position_table
from . import credit_insurance_exposure
from . import credit_insurance_cover
from . import res_partner
from . import account_move
