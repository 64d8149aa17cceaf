"""The company closes an account under its terms (clause 5.2): clause and reason told, two people agree, the path is 5.1's."""

from uuid import UUID

from models.actions.approvals import Opened, Proposal, decides, propose
from models.actions.delete_profile import close
from models.actions.desk import DESK, permitted, serving
from models.actions.origin import Colleague
from models.actions.restrictions import refuse_restricted
from models.checks import Checks
from models.policy import Role
from models.refused import Reason, Refused
from models.tables.staff import ApprovalKind
from models.world import World

CLOSERS = (Role.PRIVACY_OFFICER,)


async def close_for_terms(
    world: World, colleague: Colleague, customer_id: UUID, terms_clause: str, reason: str
) -> Opened:
    """Propose it; a second person decides.

    Raises Refused(NOT_PERMITTED, INVALID_INPUT, NOT_FOUND, NOT_READY when it is closed already, RESTRICTED).
    """
    permitted(colleague, CLOSERS)
    checks = Checks(today=world.today())
    clause = checks.line("termsClause", terms_clause, "terms_clause")
    reason = checks.text("reason", reason, "reason")
    checks.done()
    async with serving(world, customer_id, by=colleague) as account:
        if account.customer.is_closed:
            raise Refused(Reason.NOT_READY)
        refuse_restricted(account.customer)
        return await propose(
            account,
            ApprovalKind.CLOSING_FOR_TERMS,
            subject=account.id,
            reason=reason,
            by=colleague,
            details={"terms_clause": clause},
        )


@decides(ApprovalKind.CLOSING_FOR_TERMS, proposers=CLOSERS, approvers=DESK)
async def _close(proposal: Proposal) -> None:
    account = proposal.about
    if account.customer.is_closed:  # by its owner, meanwhile
        raise Refused(Reason.NOT_READY)
    refuse_restricted(account.customer)
    await close(
        account,
        closed_by="STAFF",
        clause="5.2",
        terms_clause=proposal.contents.details["terms_clause"],
        reason=proposal.contents.reason,
    )
