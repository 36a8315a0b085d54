from . import credit_insurance_rating_import
from . import credit_insurance_grid_trial
from . import credit_insurance_limit_decision
from . import credit_insurance_hold_request
from . import credit_insurance_hold_decision
from . import credit_insurance_observation_end
from . import credit_followup_preview
