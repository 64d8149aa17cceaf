"""News by e-mail (clause 2): an issue is made once; its letters go to who agreed, and does when each is sent."""

from dataclasses import dataclass

from models.checks import Checks
from models.database import transaction
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Event, NewsIssue, Preferences
from models.tables.events import ActorKind, EventKind
from models.tables.preferences import AdTopic
from models.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIssue:
    """What the company wants to say, in English and Latvian; ``topic`` narrows it for those who chose personalised content."""

    name: str
    headline: tuple[str, str]
    body: tuple[str, str]
    topic: str | None = None


async def issue_news(world: World, new: NewIssue) -> NewsIssue:
    """Make an issue; the worker writes its letters. The same name again is the same issue: nobody gets it twice.

    Raises Refused(INVALID_INPUT).
    """
    checks = Checks(today=world.today())
    name = checks.line("name", new.name, "label")
    words = {
        locale: {
            "headline": checks.line(("headline", locale), headline, "headline"),
            "body": checks.text(("body", locale), body, "news"),
        }
        for locale, headline, body in zip(("EN", "LV"), new.headline, new.body, strict=True)
    }
    if new.topic is not None and new.topic not in set(AdTopic):
        checks.problem("topic", ProblemCode.NOT_ALLOWED)
    checks.done()
    async with transaction():
        if await NewsIssue.filter(name=name).exists():
            raise Refused(Reason.INVALID_INPUT, problems=[Problem(("name",), ProblemCode.DUPLICATE)])
        issue = NewsIssue(id=world.new_id(), name=name, topic=new.topic, words=words, made_at=world.now())
        await issue.save(force_create=True)
        await Event(
            id=world.new_id(), at=world.now(), kind=EventKind.CREATE, action="news.issued", actor_kind=ActorKind.SYSTEM,
            fields_named=[name],
        ).save(force_create=True)  # fmt: skip
    return issue


def wants(preferences: Preferences, topic: str | None) -> bool:
    """Whether an issue is for this reader. Personalising reads their language and topics, and only if they agreed (clause 2)."""
    if not preferences.news_by_email:
        return False
    if topic is None or not preferences.personalised_content or not preferences.ad_topics:
        return True
    return topic in preferences.ad_topics
