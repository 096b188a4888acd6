"""Filters -> the papers that meet them: what SQL knows from the catalogue, what passages say from the lexical index."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.search.lexical import LexicalIndex
from vectorstore.text.terms import terms

_FEW = 2000  # papers that are looked up by their ids; from here on SQL lists faster all that meet the conditions


@dataclass(frozen=True, slots=True)
class ChosenPapers:
    """The papers of a library that meet `filters`, to be asked for as a whole or among given ones."""

    filters: Filters
    catalogue: Catalogue
    lexical: Callable[[], LexicalIndex]  # a function: most filters need no open index
    _every: list[set[str]] = field(default_factory=list, compare=False)  # all ids, once they were asked for

    def ids(self, *, among: Collection[str] | None = None) -> set[str]:
        """Return the ids of all papers that meet the filters, or of those `among` that do."""
        if among is not None and not self._every:
            return self._meeting(_telling(self.filters), among)
        if not self._every:
            self._every.append(self._meeting(_telling(self.filters), None))
        return self._every[0] if among is None else self._every[0].intersection(among)

    def _meeting(self, filters: Filters, among: Collection[str] | None) -> set[str]:
        plain = _in_sql(filters)
        if filters.saying and not plain:
            # The index may still have passages of papers that are gone.
            met = self.lexical().papers_saying(filters.saying, among=among) - self.catalogue.gone_papers()
        else:
            met = self._meeting_in_sql(plain, among)
            if filters.saying:
                met = self.lexical().papers_saying(filters.saying, among=met)
        if _say_words(filters.any_of):
            met = set[str]().union(*(self._meeting(part, met) for part in filters.any_of))
        if _say_words(filters.also):
            for part in filters.also:
                met = self._meeting(part, met)
        if _say_words(filters.excluding):
            for part in filter(None, filters.excluding):
                met -= self._meeting(part, met)
        return met

    def _meeting_in_sql(self, plain: Filters, among: Collection[str] | None) -> set[str]:
        if among is None or len(among) <= _FEW:
            return set(self.catalogue.paper_ids(plain.conditions(), among=among))
        return set(self.catalogue.paper_ids(plain.conditions())).intersection(among)


def followed(filters: Filters, catalogue: Catalogue) -> Filters:
    """Return the filters with papers named by the ids that they have now."""

    def all_of(parts: tuple[Filters, ...]) -> tuple[Filters, ...]:
        return tuple(followed(part, catalogue) for part in parts)

    ids = filters.paper_ids
    moved = catalogue.moved(ids) if ids else {}
    return replace(
        filters,
        paper_ids=ids and tuple(dict.fromkeys(moved.get(one, one) for one in ids)),
        any_of=all_of(filters.any_of),
        also=all_of(filters.also),
        excluding=all_of(filters.excluding),
    )


def _say_words(parts: tuple[Filters, ...]) -> bool:
    return any(part.saying or _say_words((*part.any_of, *part.also, *part.excluding)) for part in parts)


def _in_sql(filters: Filters) -> Filters:
    """Return the filters without what SQL cannot tell: more papers meet them."""
    return replace(
        filters,
        saying=None,
        any_of=() if _say_words(filters.any_of) else filters.any_of,
        also=() if _say_words(filters.also) else filters.also,
        excluding=() if _say_words(filters.excluding) else filters.excluding,
    )


def _telling(filters: Filters) -> Filters:
    """Return the filters without words that are not indexed, such as "the": they ask for nothing."""
    return replace(
        filters,
        saying=filters.saying if filters.saying and terms(filters.saying) else None,
        any_of=tuple(map(_telling, filters.any_of)),
        also=tuple(map(_telling, filters.also)),
        excluding=tuple(map(_telling, filters.excluding)),
    )
