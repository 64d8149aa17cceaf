"""octopus restore"""

from api.commands.opening import act
from models.world import World


def restore() -> None:
    """After a backup was put back in place: make sure that nobody erased since then is back. Safe to run again.

    The ledger beside the databases says who was erased; the worker erases them again, verifies and certifies it.
    """

    async def action(world: World) -> None:
        from models.retention.guards import watch_keys
        from models.retention.replay import replay

        found = await replay(world)
        if found.people:
            print(f"{found.people} erased people were back: the worker erases them again.")
        if found.chain:
            print("The newest events are lost; the event chain goes on from the last one there is, and says so.")
        if found:
            print("Everybody has to sign in again: sessions that were ended since had come back.")
        else:
            print("Nothing has come back that was erased.")
        if missing := await watch_keys(world):
            print(
                f"{missing} customers have no key: the keystore is older than the main database. Nothing is destroyed meanwhile."
            )

    act(action)
