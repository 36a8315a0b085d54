from . import credit_insurance_delivery_request
