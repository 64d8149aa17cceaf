"""One query for each promise: what the database, the inventory and the policy say about how it was kept.

Each name that promises.yaml gives as evidence stands here once; a house test compares them.
"""

from models.retention.evidence import accounts, data, people, policy, staff
from models.retention.evidence.register import EVIDENCE, Query

__all__ = ["EVIDENCE", "Query", "accounts", "data", "people", "policy", "staff"]
