from . import insurer_webhook
from . import portal
from . import evidence_pack
from . import exposure_report
