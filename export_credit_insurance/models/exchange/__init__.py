"""Exchange: what is asked of the insurer and told to it, and what it answers.

A ``credit.insurance.limit.request`` says what is needed and why; once sent it is a
line of the limits in state *requested*, and the recorded answer to that line closes it.
The binding orders at a cut are told by a ``credit.insurance.cut.notice``. Both leave as
files, or through the insurer's service (``credit.insurance.provider``).
"""

from . import credit_insurance_insurer
from . import credit_insurance_limit_request
from . import credit_insurance_limit_request_need
from . import credit_insurance_limit_request_life
from . import credit_insurance_limit
from . import credit_insurance_cut_notice
from . import credit_insurance_cut_notice_line
from . import credit_insurance_provider
from . import credit_insurance_provider_secret
from . import credit_insurance_provider_account
from . import credit_insurance_provider_jobs
from . import credit_insurance_provider_call
from . import credit_insurance_limit_request_service
from . import credit_insurance_overdue_notice
from . import res_partner
from . import sale_order
