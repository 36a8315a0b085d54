from . import credit_insurance_demo
from . import credit_insurance_demo_months
from . import credit_insurance_demo_holds
