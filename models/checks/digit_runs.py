"""Runs of digits with nothing but separators between them, and the card numbers in them (clause 1.4)."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

from models.checks.issuers import FIRST_DIGITS, LONGEST, SHORTEST, is_card_number, luhn_sums, starts_like_a_card
from models.checks.not_cards import blank_shapes, is_phone_number

_RUN = re.compile(r"(\+ ?)?([0-9][0-9 ./-]*)")
_LONG_ENOUGH = re.compile(rf"(?:[0-9][ ./-]*){{{SHORTEST}}}")
_GROUP = re.compile("[0-9]+")
_PHONE_DIGITS = range(7, 16)  # E.164: at most fifteen
_PORT_DIGITS = 5
_GLUED = (15, 16)  # lengths looked for inside one long group of digits
_WHOLE_GROUPS = (14, 15, 16, 19)  # lengths looked for among the groups of a longer run


def has_long_run(folded: str) -> bool:
    """Whether any run of folded text (card_numbers.fold) is long enough to hold a card's number."""
    return _LONG_ENOUGH.search(folded) is not None


def digit_runs(folded: str) -> Iterator["Run"]:
    """The runs of folded text that are long enough."""
    for found in _RUN.finditer(folded):
        if len(found[2]) >= SHORTEST:
            groups = _GROUP.findall(found[2])
            if sum(map(len, groups)) >= SHORTEST:
                yield Run(found[0], groups, plus=bool(found[1]))


class Run:
    """One run: its digits, where each group of them starts (the end included), whether a plus sign leads."""

    def __init__(self, written: str, groups: list[str], *, plus: bool) -> None:
        self.written = written
        self.digits = "".join(groups)
        self.starts = list(accumulate(map(len, groups), initial=0))
        self.plus = plus

    def holds_card(self, budget: Iterator[int]) -> bool:
        """Whether the run, or a part of it that people would write as a number of its own, is a card's."""
        left = blank_shapes(self.written, budget)
        if left == self.written:
            return self._holds_card(budget)
        # A card in odd groups may have an address or a date in it by chance; an address and its port are no card.
        by_chance = self._alone(0) and sum(map(len, _GROUP.findall(left))) > _PORT_DIGITS
        return by_chance or any(part._holds_card(budget) for part in digit_runs(left))

    def _holds_card(self, budget: Iterator[int]) -> bool:
        return self._beside_a_phone_number(budget) if self.plus else self._alone(0) or self._inside(0)

    def _alone(self, start: int) -> bool:
        """All from here on is one card number, however it is grouped."""
        return SHORTEST <= len(self.digits) - start <= LONGEST and is_card_number(self.digits[start:])

    def _leading(self, start: int) -> bool:
        """The first groups are a card number, Maestro's too, and its expiry or security code may follow."""
        first = self.starts.index(start)
        for last in range(first + 1, min(first + LONGEST + 1, len(self.starts) - 1)):
            digits = self.digits[start : self.starts[last]]
            if len(digits) >= SHORTEST and is_card_number(digits) and self._regular(first, last):
                return True
        return False

    def _inside(self, start: int) -> bool:
        """Part of the run from here on is a card number: some whole groups of it, or glued into one long group."""
        one_group = len(self.starts) == 2 and len(self.digits) <= max(_GLUED)
        if one_group or len(self.digits) - start <= SHORTEST or FIRST_DIGITS.isdisjoint(self.digits):
            return False
        if self._leading(start):
            return True
        sums = luhn_sums(self.digits)
        return self._in_whole_groups(sums, start) or self._glued(sums, start)

    def _in_whole_groups(self, sums: tuple[list[int], list[int]], begin: int) -> bool:
        index_of = {start: index for index, start in enumerate(self.starts)}
        likely = [start for start in self.starts[:-1] if start >= begin and self.digits[start] in FIRST_DIGITS]
        for length in _WHOLE_GROUPS:
            same = sums[length % 2], sums[(length + 1) % 2]  # those that hold for even, and for odd starts
            passing = [
                start
                for start in likely
                if start + length in index_of and same[start % 2][start] == same[start % 2][start + length]
            ]
            for start in passing:
                first, last = index_of[start], index_of[start + length]
                if starts_like_a_card(self.digits, start, length) and self._regular(first, last):
                    return True
        return False

    def _glued(self, sums: tuple[list[int], list[int]], begin: int) -> bool:
        for start, end in pairwise(self.starts):
            if start < begin or end - start <= max(_GLUED):
                continue
            for length in _GLUED:
                for first in (start, start + 1):
                    of_parity = sums[(first + length) % 2]
                    here, there = of_parity[first : end - length + 1 : 2], of_parity[first + length : end + 1 : 2]
                    passing = [index for index, (a, b) in enumerate(zip(here, there, strict=True)) if a == b]
                    if any(starts_like_a_card(self.digits, first + 2 * index, length) for index in passing):
                        return True
        return False

    def _regular(self, first: int, last: int) -> bool:
        """Groups of one size, the last perhaps shorter (1 1 1 …, 4 4 4 4 3); or all but the last of four or more."""
        sizes = [end - start for start, end in pairwise(self.starts[first : last + 1])]
        return (len(set(sizes[:-1])) <= 1 and sizes[-1] <= sizes[0]) or all(size >= 4 for size in sizes[:-1])

    def _beside_a_phone_number(self, budget: Iterator[int]) -> bool:
        """A phone number may end with any group; for each end where one does, what follows is looked at by itself."""
        ends = [start for start in self.starts[: max(_PHONE_DIGITS) + 1] if start in _PHONE_DIGITS]
        if not (self._alone(0) or any(map(self._alone, ends)) or self._inside(0)):
            return False
        phones = [end for end in ends if is_phone_number(self.digits[:end], budget)]
        if not phones:
            return True
        # Or is it a card with a plus before it, whose first digits happen to be somebody's number?
        whole = len(self.digits) > phones[-1] and self._alone(0) and self._regular(0, len(self.starts) - 1)
        return whole or any(map(self._alone, phones)) or self._inside(phones[0])
