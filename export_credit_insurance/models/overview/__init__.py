"""Overview: seeing and choosing.

The coverage advisor (``credit.insurance.advice``) reads the export sales of twelve
months from the books, asks what they do not tell, and says which contract to ask for,
why, and what it would cost beside other securities. Its rules are plain Python
(``coverage_rules.py``), its thresholds are rows that users edit.

The cost of a default (``credit.insurance.default.cost``) adds to what a buyer owes what
else its default costs, from assumptions per zone.

Whom to insure first (``credit.insurance.to.insure``) ranks buyers by what is uncovered
and the weight of their band. The use of limits (``credit.insurance.limit.use``) shows
which are nearly full and which cost fees for nothing.
"""

from . import credit_insurance_advice_threshold
from . import credit_insurance_advice
from . import credit_insurance_advice_line
from . import credit_insurance_default_assumption
from . import credit_insurance_default_cost
from . import credit_insurance_to_insure
from . import credit_insurance_limit_use
from . import credit_insurance_policy
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
