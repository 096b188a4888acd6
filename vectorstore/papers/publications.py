"""Where a paper appeared, made of what its entries say of it: the best source of each value, the others stay stored."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from vectorstore.listings.entry import Publication
from vectorstore.text.folding import folded

FIELDS = tuple(field.name for field in fields(Publication))
# What belongs together: a volume is one of the venue's that is named with it.
OF_A_VENUE = ("kind", "venue", "volume", "issue", "pages", "publisher")
_NOTHING = Publication()
_PREPRINTS = ("arxiv", "corr", "biorxiv", "medrxiv", "chemrxiv", "ssrn", "preprint", "openreview", "hal", "zenodo")
# What a venue is whose listings do not say it, by its name.
_PROCEEDINGS = re.compile(r"\b(?:proceedings|proc|conference|conf|workshops?|symposi(?:um|a)|meeting)\b", re.I)
_JOURNAL = re.compile(r"\b(?:journal|transactions|letters|annals|magazine|bulletin|quarterly|reviews?)\b", re.I)


def is_preprint(publication: Publication) -> bool:
    """Tell whether a paper is not said to have appeared anywhere but on a server for preprints."""
    first = folded(publication.venue or "").partition(" ")[0]
    return not first or first in _PREPRINTS


def best_first(publications: Sequence[Publication]) -> list[int]:
    """Return the places of `publications` in the order in which they are believed: one that names where a paper
    was published before a preprint's, then the one that says more, then as they stand."""
    said = [sum(bool(getattr(one, name)) for name in FIELDS) for one in publications]
    return sorted(range(len(said)), key=lambda place: (is_preprint(publications[place]), -said[place], place))


def merged_publication(publications: Sequence[Publication]) -> tuple[Publication, dict[str, int]]:
    """Return what is believed of several publications of one paper, and for each field the place of its source."""
    if all(one == _NOTHING for one in publications):
        return _NOTHING, {}
    order = best_first(publications)
    named = next((publications[place].venue for place in order if publications[place].venue), None)
    of_venue = [place for place in order if folded(publications[place].venue or named or "") == folded(named or "")]
    # What a paper is, is said by those that name the venue; that it is something else than all others is said by none.
    naming = [place for place in of_venue if publications[place].venue] or of_venue
    kinds = sorted(naming, key=lambda place: publications[place].kind == "misc")
    believed = dict.fromkeys(FIELDS, order) | dict.fromkeys(OF_A_VENUE, of_venue) | {"kind": kinds}
    sources = {name: place for name in FIELDS for place in believed[name][::-1] if getattr(publications[place], name)}
    return replace(_NOTHING, **{name: getattr(publications[at], name) for name, at in sources.items()}), sources


def kind_of_publication(publication: Publication) -> str:
    """Return the type of BibTeX of what was published, by what the venue is called where no listing says it."""
    said = publication.kind or "misc"
    if said != "misc" or is_preprint(publication):
        return said
    venue = publication.venue or ""
    if publication.volume and publication.issue:
        return "article"
    if _PROCEEDINGS.search(venue):
        return "inproceedings"
    return "article" if _JOURNAL.search(venue) else said
