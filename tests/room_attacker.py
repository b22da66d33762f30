"""Somebody in the room who wants to know what the others chose: knows the rules, how many answered, one of the answers (or none),
and reads what the screen says.

Everything here goes by what the sentence can be told for. An attacker is *sure* of an option where every way in which the others
may have answered, and which the sentence allows, has exactly one of them there, or all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations, product

Says = Callable[[Sequence[int], int], Hashable]
"""From the answers at each option and the number of phones to what the screen says."""
Vector = tuple[int, ...]


def ways(people: int, options: int) -> Iterator[Vector]:
    """All ways in which so many people can have chosen one option each."""
    if options == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in ways(people - first, options - 1):
            yield (first, *rest)


def shapes(people: int, options: int, highest: int | None = None) -> Iterator[Vector]:
    """The same without the names of options: from the most chosen to the least."""
    if options == 0:
        if people == 0:
            yield ()
        return
    for first in range(min(people, people if highest is None else highest), -1, -1):
        if first * options < people:
            return
        for rest in shapes(people - first, options - 1, first):
            yield (first, *rest)


class Known:
    """What an attacker finds possible, by what they know: how many others are at an option."""

    def __init__(self) -> None:
        self._possible: dict[Hashable, set[int]] = defaultdict(set)
        self._others: dict[Hashable, int] = {}

    def add(self, knows: Hashable, at: int, others: int) -> None:
        """Another way that fits: ``at`` of ``others`` are at the option."""
        self._possible[knows].add(at)
        self._others[knows] = others

    def sure(self) -> list[Hashable]:
        """What tells that exactly one other person, or everybody else, is at an option."""
        assert self._possible
        return [
            knows
            for knows, possible in self._possible.items()
            if possible == {1} or possible == {self._others[knows]}
        ]


def of_any_rule(says: Says, people: int, options: int) -> list[Hashable]:
    """One option to a phone, any rule at all, every way."""
    known = Known()
    for counts in ways(people, options):
        sentence = says(counts, people)
        for own in (None, *(place for place in range(options) if counts[place])):
            for place in range(options):
                known.add((sentence, own, place), counts[place] - (place == own), people - (own is not None))
    return known.sure()


def of_a_fair_rule(says: Says, people: int, options: int) -> list[Hashable]:
    """The same for a rule that treats options alike, by shapes: quick for many people and options.

    What is known is of which sort one's own option is (the named one, or another), and of which sort the option asked about.
    """
    known = Known()
    for counts in shapes(people, options):
        sentence = says(counts, people)
        named = sentence[1] if isinstance(sentence, tuple) else None
        kind = sentence[0] if isinstance(sentence, tuple) else sentence
        for own in (None, *(place for place in range(options) if counts[place])):
            for place in range(options):
                sort = ("own" if place == own else "", "named" if place == named else "")
                knows = (kind, own is not None, own is not None and own == named, *sort)
                known.add(knows, counts[place] - (place == own), people - (own is not None))
    return known.sure()


def sets(options: int, most: int) -> list[Vector]:
    """What one phone may choose: one option, or up to ``most``."""
    return [
        chosen for size in range(1, min(most, options) + 1) for chosen in combinations(range(options), size)
    ]


def several(people: int, options: int, most: int) -> Iterator[Vector]:
    """All counts that so many phones can leave with up to ``most`` options each: nobody twice at one, nobody at none."""
    if not people:
        yield (0,) * options
        return
    for counts in product(range(people + 1), repeat=options):
        if people <= sum(counts) <= min(most, options) * people:
            yield counts


def plus(counts: Vector, chosen: Sequence[int]) -> Vector:
    return tuple(count + (place in chosen) for place, count in enumerate(counts))


def of_several(says: Says, people: int, options: int, most: int) -> list[Hashable]:
    """Several options to a phone, every way."""
    known = Known()
    for others in several(people - 1, options, most):
        for own in sets(options, most):
            sentence = says(plus(others, own), people)
            for place in range(options):
                known.add((sentence, own, place), others[place], people - 1)
    return known.sure()


def of_several_by_example(says: Says, people: int, options: int, most: int) -> list[Hashable]:
    """The same for many people and options, and a rule that treats options alike: two ways that differ are enough not to be sure.

    In an example one count is the named option's, one is that of the option asked about, and the others have up to so many
    each, until there are as few or as many as can be. What no example can be found for is given back as well.
    """
    unsure: list[Hashable] = []
    others = people - 1
    for size in range(1, min(most, options) + 1):
        own = tuple(range(size))
        for named, asked in product(
            (None, 0, options - 1), {0, size - 1, min(size, options - 1), options - 1}
        ):
            possible: set[int] = set()
            # From the highest down, where examples are found soonest.
            down = range(others, -1, -1)
            for total, at_named, at_asked, each in product(
                (others, min(most, options) * others), down, down, down
            ):
                counts = [-1] * options
                counts[asked] = at_asked
                if named is not None and named != asked:
                    counts[named] = at_named
                rest = total - sum(count for count in counts if count > 0)
                for place in range(options):
                    if counts[place] < 0:
                        counts[place] = max(0, min(each, rest))
                        rest -= counts[place]
                if not others <= sum(counts) <= min(most, options) * others:
                    continue
                sentence = says(plus(tuple(counts), own), people)
                if (sentence[1] if isinstance(sentence, tuple) else None) == named:
                    possible.add(at_asked)
                    if len(possible) > 1:
                        break
            if len(possible) < 2:
                unsure.append((size, named, asked, tuple(possible)))
    return unsure


# --- asked again ---------------------------------------------------------------------------------------


def asked_again(says: Says, first: int, second: int, options: int, most: int = 1) -> list[Hashable]:
    """Two rounds of one question, of the same people but for those who came or left; with as many as before, one of them has
    changed what they chose. The attacker is one who stayed, the one who changed, or one who came or left, and knows which."""
    known = Known()
    few, many = min(first, second), max(first, second)

    def add(knows: Hashable, rounds: tuple[tuple[Vector, int], tuple[Vector, int]]) -> None:
        for number, (others, people) in enumerate(rounds):
            for place in range(options):
                known.add((knows, number, place), others[place], people)

    own_sets = sets(options, most)
    if first == second:
        for rest in several(first - 2, options, most):
            for own, before, after in product(own_sets, repeat=3):
                if before != after:
                    one, two = plus(rest, before), plus(rest, after)
                    told = (says(plus(one, own), first), says(plus(two, own), first))
                    add((told, "stayed", own), ((one, first - 1), (two, first - 1)))
        for rest in several(first - 1, options, most):
            for before, after in product(own_sets, repeat=2):
                if before != after:
                    told = (says(plus(rest, before), first), says(plus(rest, after), first))
                    add((told, "changed", before, after), ((rest, first - 1), (rest, first - 1)))
        return known.sure()
    for stayed in several(few, options, most):
        for moved in several(many - few, options, most):
            both = tuple(map(sum, zip(stayed, moved, strict=True)))
            rounds = (stayed, both) if first < second else (both, stayed)
            told = (says(rounds[0], first), says(rounds[1], second))
            for own in own_sets:
                if all(stayed[place] for place in own) and _left(stayed, own, few - 1, most):
                    one, two = _minus(rounds[0], own), _minus(rounds[1], own)
                    add((told, "stayed", own), ((one, first - 1), (two, second - 1)))
                if all(moved[place] for place in own) and _left(moved, own, many - few - 1, most):
                    one = rounds[0] if first < second else _minus(rounds[0], own)
                    two = _minus(rounds[1], own) if first < second else rounds[1]
                    people = (first, second - 1) if first < second else (first - 1, second)
                    add((told, "moved", own), ((one, people[0]), (two, people[1])))
    return known.sure()


def _minus(counts: Vector, chosen: Vector) -> Vector:
    return tuple(count - (place in chosen) for place, count in enumerate(counts))


def _left(counts: Vector, own: Vector, people: int, most: int) -> bool:
    """Whether the counts without one's own can be of so many people."""
    rest = _minus(counts, own)
    return people <= sum(rest) <= min(most, len(counts)) * people and max(rest) <= people
