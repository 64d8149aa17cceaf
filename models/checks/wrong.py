"""How a check says no to one value; the collector turns it into a Problem at the field's path."""

from models.refused import ProblemCode


class Wrong(Exception):
    """One value is not acceptable; for a length, the limit it breaks."""

    def __init__(self, code: ProblemCode, limit: int | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.limit = limit
