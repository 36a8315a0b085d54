# The rooms of the house: each knows only the rooms above it.
from . import reference
from . import ledger
from . import contract
from . import position
from . import decision
from . import collection
from . import indemnity
from . import exchange
from . import overview
