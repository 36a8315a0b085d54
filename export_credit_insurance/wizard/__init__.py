from . import credit_insurance_rating_import
from . import credit_insurance_limit_decision
