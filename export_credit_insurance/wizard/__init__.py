from . import credit_insurance_rating_import
