"""DUTIES: everything the worker does, in the order of one round. The loop that runs them knows no rule.

Destructive ones rest while customers are without their keys (models/retention/guards.py).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from models.retention.ageing import age_rows, cut_addresses, free_index_entries
from models.retention.backups import destroy_backups
from models.retention.begin import begin_erasures, begin_former_staff, begin_unconfirmed
from models.retention.certify import certify_erasures, expire_tombstones
from models.retention.complaints import expire_complaints
from models.retention.dormant import close_dormant, warn_dormant
from models.retention.erase import destroy_keys, erase_people, remove_rows
from models.retention.exports import build_exports, erase_exports
from models.retention.fields import empty_events, forget_fields
from models.retention.guards import check_keystore, unless_stopped
from models.retention.keys import rotate_keys, sweep_keystore
from models.retention.letters import post_letters
from models.retention.news import write_news
from models.retention.policies import announce_policies, apply_policies
from models.retention.reviews import plan_reviews
from models.retention.sealing import expire_events, seal_events
from models.retention.verify import verify_erasures
from models.world import World


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty. ``destructive``: waits while the clock is doubted; ``erases``: counts customers against this share of a round.

    ``batch``: how much it does at once; ``seconds``: how long of a round, at most.
    """

    name: str
    run: Callable[[World, int], Awaitable[int]]
    destructive: bool = True
    erases: str | None = None
    batch: int = 100
    seconds: float = 2.0


ALL = (
    Duty("announce-policies", announce_policies, destructive=False),
    Duty("apply-policies", apply_policies),
    Duty("warn-dormant", warn_dormant, destructive=False),
    Duty("close-dormant", close_dormant, erases="dormant"),
    Duty("write-news", write_news, destructive=False),
    Duty("post-letters", post_letters, destructive=False),
    Duty("build-exports", build_exports, destructive=False),
    Duty("erase-exports", erase_exports),
    Duty("begin-unconfirmed", begin_unconfirmed, erases="unconfirmed"),
    Duty("begin-former-staff", begin_former_staff),
    Duty("erase-people", erase_people, erases="closed", batch=600, seconds=6.0),
    Duty("begin-erasures", begin_erasures, erases="closed"),
    Duty("destroy-keys", destroy_keys),
    Duty("remove-rows", remove_rows),
    Duty("rotate-keys", rotate_keys),
    Duty("verify-erasures", verify_erasures),
    Duty("certify-erasures", certify_erasures, destructive=False),
    Duty("expire-complaints", expire_complaints),
    Duty("age-rows", age_rows),
    Duty("cut-addresses", cut_addresses),
    Duty("forget-fields", forget_fields),
    Duty("empty-events", empty_events),
    Duty("free-index-entries", free_index_entries),
    Duty("sweep-keystore", sweep_keystore),
    Duty("expire-tombstones", expire_tombstones),
    Duty("destroy-backups", destroy_backups),
    Duty("plan-reviews", plan_reviews, destructive=False),
    Duty("check-keystore", check_keystore, destructive=False),
    Duty("expire-events", expire_events),
    Duty("seal-events", seal_events, destructive=False),
)
DUTIES: tuple[Duty, ...] = tuple(
    replace(duty, run=unless_stopped(duty.run)) if duty.destructive else duty for duty in ALL
)
