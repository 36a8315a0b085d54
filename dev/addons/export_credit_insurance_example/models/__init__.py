from . import credit_insurance_check
from . import credit_insurance_position
from . import example_progress_claim
