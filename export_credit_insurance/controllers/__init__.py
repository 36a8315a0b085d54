from . import insurer_webhook
from . import portal
