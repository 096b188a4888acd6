"""What a question mentions by name, and how the words between say it: "by A or B, but not C"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.planning.intents import AUTHOR_MARK, PAPER_MARK
from assistant.planning.topics import PAPERS
from vectorstore.catalogue.filters import Filters

HONORIFIC = r"(?:professor|prof\.?|dr\.?|mr\.?|ms\.?)"
NOT = (
    r"(?:but\s+)?(?:not|nothing|n['’]t|never|without|except(?:ing)?(?:\s+for)?|excluding|exclude|other than|apart from"
    r"|besides|minus|nor|leave out|leaving out|ignoring|rather than|drop|remove|hide|neither)"
)
_CUE = (
    r"(?:according to|(?:(?:co-?)?(?:written|authored|published)\s+)?(?:together\s+)?(?:by|with)|as well as|from|of|in"
    r"|on|at|under"
    r"|did|does|has|have|involving|including|featuring|authors?|author is|about|for|(?:in )?(?:the )?category)"
)
_NOTHING = (
    r"(?:write|wrote|written|authored|co-?authored|publish(?:ed)?|be|been|being|any|anything|those|the ones?|ones?|work"
    rf"|{PAPERS}|that|which|who|are|were|is|was|have|has)"
)
_PLACE = re.compile(r"⟦(\d+)⟧")
_MARKS = str.maketrans("⟦⟧", "[]")
# What stands before a mention: a negation, words that carry nothing, a cue, a title.
_LEAD = re.compile(
    rf"(?:(?:(?:\b{_CUE}\s+)?(?P<not>\b{NOT}|(?<=\w)n['’]t)(?:\s+{_NOTHING})*\s+)?(?:\b(?:either|both)\s+)?(?:\b{_CUE}\s+)?"
    rf"(?:the\s+)?(?:\b{HONORIFIC}\s+)?)$",
    re.I,
)
# "Why does X not use Y?" asks about Y; these leave a paper out.
_SETS_ASIDE = re.compile(r"but|except|exclud|other than|apart|besides|minus|leaving|ignoring", re.I)
_JOINING = re.compile(
    r"\s*(?:,\s*)?(?P<how>and/or|or|and|nor|vs\.?|versus|&|/|plus|with|together with|as well as)?"
    rf"\s*(?P<again>(?:{PAPERS}|those|work)\s+)?",
    re.I,
)
_EITHER = ("or", "and/or", "nor", "vs", "vs.", "versus", "/")


class Kind(StrEnum):
    PAPER = "paper"
    PERSON = "person"
    PERIOD = "period"
    CATEGORY = "category"
    ORGANIZATION = "organization"
    VENUE = "venue"
    LISTING = "listing"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that a question names, the words that say it, and the papers that it stands for."""

    kind: Kind
    said: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Group:
    """Mentions of one kind that belong together, and what joins each to the one before: "and", "or" or a comma ("").

    `negated`: none of them is wanted.
    """

    mentions: tuple[Mention, ...]
    joints: tuple[str, ...] = ()  # one fewer
    negated: bool = False
    after_or: bool = False  # an alternative to all that stands before it

    @property
    def kind(self) -> Kind:
        return self.mentions[0].kind

    def alternatives(self) -> list[list[Mention]]:
        """Return mentions of which all of one list are wanted: [[A, B], [C]] for "A and B or C"."""
        wanted = [[self.mentions[0]]]
        for joint, mention in zip(self.joints, self.mentions[1:], strict=True):
            if joint == "or" or (not joint and "or" in self.joints):
                wanted.append([mention])
            else:
                wanted[-1].append(mention)
        return wanted


class Skeleton:
    """A question in which each mention is replaced by a mark, so that the words between can be read."""

    def __init__(self, text: str) -> None:
        self.text = text.translate(_MARKS)
        self.mentions: list[Mention] = []

    def put(self, found: Iterable[tuple[int, int, Mention]]) -> None:
        """Replace spans of `text`, which do not overlap, by their mentions."""
        for start, end, mention in sorted(found, key=lambda one: -one[0]):
            self.text = f"{self.text[:start]}⟦{len(self.mentions)}⟧{self.text[end:]}"
            self.mentions.append(mention)

    @property
    def bare(self) -> str:
        """The question with ⟦⟧ in the place of each paper and person, and without the other mentions."""
        kept = (Kind.PAPER, Kind.PERSON)
        named = _PLACE.sub(lambda place: "⟦⟧" if self.mentions[int(place[1])].kind in kept else " ", self.text)
        return " ".join(named.split())

    @property
    def marked(self) -> str:
        """The question with one and the same words for each paper, and for each person."""
        marks = {Kind.PAPER: PAPER_MARK, Kind.PERSON: AUTHOR_MARK}
        return _PLACE.sub(lambda place: self._marked(self.mentions[int(place[1])], marks), self.text)

    @staticmethod
    def _marked(mention: Mention, marks: Mapping[Kind, str]) -> str:
        ends = "" if mention.said[-1:].isalnum() else mention.said[-1:]
        return marks[mention.kind] + ends if mention.kind in marks else mention.said

    def groups(self) -> tuple[list[Group], str]:
        """Return the mentions in their groups, and the question without those that filter, titles left as they are."""
        groups: list[Group] = []
        rest, last = "", 0
        for place in _PLACE.finditer(self.text):
            mention = self.mentions[int(place[1])]
            between = self.text[last : place.start()]
            last = place.end()
            lead = _LEAD.search(between)
            assert lead is not None  # it may be empty
            joining = _JOINING.fullmatch(between[: lead.start()])
            negated = bool(lead["not"]) and (mention.kind is not Kind.PAPER or bool(_SETS_ASIDE.match(lead["not"])))
            if groups and groups[-1].kind is mention.kind and joining and not negated:
                groups[-1] = _joined(groups[-1], mention, joining)
                if mention.kind is Kind.PERIOD:  # "vs" between two is no word of a topic
                    continue
            else:
                after_or = bool(groups and joining and (joining["how"] or "").lower() in ("or", "and/or"))
                groups.append(Group((mention,), negated=negated, after_or=after_or))
            if mention.kind is Kind.PAPER and not groups[-1].negated:
                rest += between + mention.said
            else:
                rest += between[: lead.start()] + " "
        return groups, " ".join((rest + self.text[last:]).split())


def _joined(group: Group, mention: Mention, joining: re.Match[str]) -> Group:
    how = (joining["how"] or "").lower()
    either = how in _EITHER or bool(joining["again"])  # "papers by A and papers by B"
    joint = "or" if either else "and" if how or "," not in joining.group() else ""
    return Group((*group.mentions, mention), (*group.joints, joint), group.negated)
