"""The policy contradicts itself, or is written in words we do not know: nothing starts until that is settled."""

from collections.abc import Iterable


class PolicyContradiction(Exception):
    """Every trouble found, one sentence each."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__("\n".join(("The policy contradicts itself:", *self.sentences)))
