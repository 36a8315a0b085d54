from . import portal
from . import evidence_pack
