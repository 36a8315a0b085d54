"""What insurers are told, in the words of their portals (DOMAIN 1.9)."""

NOTICE_KINDS = [
    ("monitor", "Information: Collected by Us"),
    ("monitor_claim", "Information, Claim to Follow"),
    ("collection", "Collection Alone"),
    ("claim_collection", "Claim and Collection"),
    ("insolvency", "Insolvency"),
    ("adverse", "Adverse Information"),
    ("extension", "Request for an Extension (EXP)"),
    ("resolved", "Resolved: All Is Settled (RES)"),
]
OVERDUE_KINDS = ("monitor", "monitor_claim", "collection", "claim_collection")
# After these the insurer knows of the unpaid instalments that they list.
TELLING_KINDS = (*OVERDUE_KINDS, "insolvency")
# These say something of the buyer, whether anything is open or not.
BUYER_KINDS = ("insolvency", "adverse")


def family_of(kind):
    """Return of which kind a buyer has one draft at most: overdue ones are one."""
    return "overdue" if kind in OVERDUE_KINDS else kind
