"""Overview: seeing and choosing.

The coverage advisor (``credit.insurance.advice``) reads the export sales of twelve
months from the books, asks what they do not tell, and says which contract to ask for,
why, and what it would cost beside other securities. Its rules are plain Python
(``coverage_rules.py``), its thresholds are rows that users edit.

The cost of a default (``credit.insurance.default.cost``) adds to what a buyer owes what
else its default costs, from assumptions per zone.

The limit import (``credit.insurance.limit.import``) reads an insurer's file of
decisions in the format of a profile, shows what applying it does to limits, cover and
orders, and applies all of it or nothing.

Whom to insure first (``credit.insurance.to.insure``) ranks buyers by what is uncovered
and the weight of their band. The use of limits (``credit.insurance.limit.use``) shows
which are nearly full and which cost fees for nothing.

*My Day* (``credit.insurance.my.day``) lists what its reader has to do today, section by
section, and does it by the documents' own methods.

The exposure as of a date (``credit.insurance.exposure.as.of``) and the ageing by cover
(``credit.insurance.ageing``) are the engine's rows of any past day, recomputed from the
ledger; ``credit.insurance.exposure.report`` opens, prints and exports them.

The dashboard (``credit.insurance.dashboard``) asks the engine once for all that the
first page shows, and opens behind each figure the list that sums to it.
"""

from . import credit_insurance_advice_threshold
from . import credit_insurance_advice
from . import credit_insurance_advice_line
from . import credit_insurance_default_assumption
from . import credit_insurance_default_cost
from . import credit_insurance_default_cost_claim
from . import credit_insurance_to_insure
from . import credit_insurance_limit_use
from . import credit_insurance_dated_table
from . import credit_insurance_exposure_as_of
from . import credit_insurance_ageing
from . import credit_insurance_dashboard
from . import credit_insurance_dashboard_figures
from . import credit_insurance_dashboard_sections
from . import credit_insurance_dashboard_setup
from . import credit_insurance_dashboard_open
from . import ir_module_module
from . import res_company
from . import res_config_settings
from . import credit_insurance_limit_profile
from . import credit_insurance_limit_import
from . import credit_insurance_limit_import_progress
from . import credit_insurance_limit_import_line
from . import credit_insurance_limit_import_match
from . import credit_insurance_limit_import_plan
from . import credit_insurance_limit_import_apply
from . import credit_insurance_limit_import_effect
from . import credit_insurance_limit_import_read
from . import credit_insurance_limit_import_check
from . import credit_insurance_limit_import_job
from . import credit_insurance_limit_import_mail
from . import res_partner
from . import sale_order
from . import credit_insurance_my_day
from . import credit_insurance_my_day_control
from . import credit_insurance_my_day_exchange
from . import credit_insurance_my_day_collection
from . import credit_insurance_my_day_policy
from . import credit_insurance_my_day_own
