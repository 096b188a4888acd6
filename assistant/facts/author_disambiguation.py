"""Author disambiguation by the user, by names however they are written: two people of one name, two names of one."""

from collections.abc import Sequence

from assistant.facts.authors import author_named, author_profile
from assistant.planning.people import People
from vectorstore.catalogue.author_decisions import Decision
from vectorstore.errors import AuthorError
from vectorstore.library import Library


def split_author(name: str, paper_ids: Sequence[str], library: Library, people: People) -> Decision:
    """Decide that some papers of an author are another one's: `paper_ids`, or those that the profile shows apart.

    Raises AuthorError if nobody is called so, if nothing speaks for two authors, or if it is not some of the papers.
    """
    profile = author_profile(name, library, people)
    apart = paper_ids or [paper_id for one in profile.possibly_two[1:2] for paper_id in one.paper_ids]
    if not apart:
        raise AuthorError(f"Nothing speaks for two authors called {profile.author}; name the papers of one of them.")
    return library.decide(lambda namesakes: namesakes.split(profile.author, apart))


def merge_authors(name: str, other: str, library: Library, people: People) -> Decision:
    """Decide that the author called `other` is the one called `name`. Raises AuthorError if that cannot be."""
    one, same = author_named(name, people), author_named(other, people)
    return library.decide(lambda namesakes: namesakes.merge(one, same))


def undo_decision(name: str | None, library: Library, people: People) -> Decision:
    """Undo the latest decision that has to do with an author, or the latest of all, and return it.

    Raises AuthorError if there is none.
    """
    made = library.catalogue.namesakes.decisions(name)
    if not made:  # nothing was decided, or the name is written in another way
        if name is None:
            raise AuthorError("Nothing was decided about authors; there is nothing to undo.")
        name = author_named(name, people)
    decided = name or made[-1].name
    return library.decide(lambda namesakes: namesakes.undo(decided))
