"""A model's text as it streams -> the same text with its citations as [n], and without those that cite nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from assistant.text.citations import markers
from assistant.text.evidence import Evidence
from assistant.text.markdown_stream import LONGEST, Step
from assistant.text.marker_quotes import QuotedNumbers, opens_quoted, quote_left, quoted_marker
from assistant.text.markers import Names, is_key, listed_numbers, marker_numbers
from assistant.text.safe_markdown import BRACKETS, SafeMarkdown

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_OF_FORMS = rf"(（@\^{_SUPERSCRIPTS}"
_TO_DIGITS = str.maketrans(_SUPERSCRIPTS, "0123456789")
_PARENTHESES = re.compile(r"[(（](?P<inside>[^()（）\n]*)[)）]")
_NUMBERS = re.compile(r"\s*\d{1,3}(?:\s*(?:,|;|-|–|and)\s*\d{1,3})*\s*")
_OPENINGS = ("see ", "see also ", "e.g. ", "e.g., ", "cf. ", "van ", "von ", "de ", "den ", "der ", "di ", "la ", "le ")
_NAMED_OPENINGS = ("passage", "source", "doc", "ref", "evidence", "citation", "number", "excerpt", "as ", "from ")
_NAMED = re.compile(
    r"\s*(?:(?:see(?: also)?|e\.g\.,?|cf\.|from|as (?:stated|described|shown|given|said|noted|reported) (?:in|by))\s+)?"
    r"(?P<list>(?:passages?|sources?|docs?|documents?|refs?\.?|references?|evidence|citations?|numbers?|excerpts?)"
    r"[\s:#]*\d[^()\n]*)",
    re.I,
)
_TAGGED = re.compile(r"<(?P<tag>cite|citation|ref)>\s*\[?(?P<inside>\d[\d\s,;–-]*)\]?\s*</(?P=tag)>", re.I)
_TAGGED_BEGUN = re.compile(r"<(?:cite|citation|ref)>\s*\[?[\d\s,;–-]{0,60}\]?\s*(?:<(?:/[a-z]{0,8})?)?\Z", re.I)
_ONLY_BRACKETS = re.compile(r"[(（]\s*(?:[\[【][^\[\]【】()\n]{1,60}[\]】][\s,;]*)+[)）]")
_CLAUSE_ENDS = frozenset(".,;:!?\n*|。，")
# What stands before a number in parentheses that cites nothing: "Eq. (1)", "the pair is (1, 2)", "f (1)".
_NOT_BEFORE_A_CITATION = frozenset(
    "eq eqs equation equations eqn section sec step steps figure fig table theorem lemma algorithm case part item"
    " property condition assumption level version phase stage option type line rule problem definition class group"
    " is are was were be of to in at by with from than equals and or for as on into see via that"
    " zero one two three four five six seven eight nine ten eleven twelve".split()
)
_LAST_WORD = re.compile(r"(?P<word>[^\W\d_]{2,})[\"”’*_\])%.]*\s?\Z")
_BEFORE_RAISED = re.compile(r"(?:[^\W\d_]{4,}|[.,;:!?\"”’)\]*])\Z")  # and not "km²", "10^5", "x^2"
_UNITS = re.compile(r"(?:met(?:re|er)s?|inch(?:es)?|pixels?|seconds?|units?|miles?)\Z", re.I)
_RAISED = re.compile(
    rf"[{_SUPERSCRIPTS}]+(?:[,⁻˒ʼ-][{_SUPERSCRIPTS}]+)*|\^\d{{1,3}}(?:,\d{{1,3}})*"
    r"|\^\{\s*\d{1,3}(?:\s*[,-]\s*\d{1,3})*\s*\}"
    r"|<sup>\s*\[?\s*\d{1,3}(?:\s*[,-]\s*\d{1,3})*\s*\]?\s*</sup>|\$\^\{?[\d\s,]{1,20}\}?\$"
)
_CITE = re.compile(r"\\[a-zA-Z]*cite[a-zA-Z]*\*?(?:\[[^\[\]\n]*\]){0,2}\{(?P<keys>[^{}\n]*)\}")
_CITE_BEGUN = re.compile(r"\\[a-zA-Z]*(?:cite|\Z)")
_ESCAPED = re.compile(r"\\\[(?P<inside>[\d\s,;–-]+)\\?\]")
_ESCAPED_BEGUN = re.compile(r"\\\[[\d\s,;–-]{0,60}\\?\Z")
_AT_KEY = re.compile(r"@(?P<key>\w[\w:-]*)")


class MarkerFilter(SafeMarkdown):
    """Passes a model's text on as it streams, inert, with each citation as [n], numbered in the order of first mention.

    [3], [1, 2], [1-3], 【1†source】, [^1], ^1, ¹, (1) at the end of a clause, [Passage 1], (see passage 1),
    <cite>1</cite>, [Kim et al., 2025], @key, \\cite{key} and \\cite{1} cite. What names no evidence is dropped and
    counted, if it is a number; names stay, as plain words. The words in [1 "words"] are taken out and kept as `quotes`.
    With `numbers_alone` only [1] cites: so the local model writes, and all else in its text is as a listing prints it.
    """

    special = re.compile(rf"{SafeMarkdown.special.pattern}|[{_OF_FORMS}]", re.I)

    def __init__(self, evidence: Collection[Evidence], *, numbers_alone: bool = False) -> None:
        super().__init__()
        self._numbers_alone = numbers_alone
        self._known = frozenset(item.number for item in evidence)
        self._names = Names(evidence)
        self._numbers: dict[int, int] = {}  # evidence number -> reference number
        self._in_parentheses = False  # whether the model has cited in that form
        self._times: Counter[int] = Counter()  # how often each reference number was shown
        self._quote_depth = 0  # in how many brackets the words of a quote stand that was not closed
        self.quotes: dict[tuple[int, int], tuple[str, ...]] = {}  # by reference number and which of its markers, from 0
        self.dropped = 0
        self.unmatched = 0
        self.unusable = 0  # quotes

    @property
    def cited(self) -> list[int]:
        """The evidence numbers in the order of their references."""
        return list(self._numbers)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was dropped, a sentence each."""
        found = []
        if self.dropped:
            one = self.dropped == 1
            found.append(
                f"{self.dropped:,} {'citation' if one else 'citations'} of"
                f" {'a passage that does' if one else 'passages that do'} not exist"
                f" {'was' if one else 'were'} removed."
            )
        if self.unmatched:
            one = self.unmatched == 1
            found.append(
                f"{self.unmatched:,} {'citation' if one else 'citations'} by name {'fits' if one else 'fit'}"
                f" no passage that was read; the {'name stands' if one else 'names stand'} as plain words."
            )
        if self.unusable:
            one = self.unusable == 1
            found.append(
                f"{self.unusable:,} {'quote' if one else 'quotes'} of the model {'has' if one else 'have'} no end or"
                f" no words, and {'was' if one else 'were'} left out."
            )
        return tuple(found)

    def quotes_in(self, text: str) -> Mapping[tuple[int, int], tuple[str, ...]]:
        """Return the quotes by the markers of a text, none if it has not exactly those that were shown."""
        return self.quotes if Counter(marker.number for marker in markers(text)) == self._times else {}

    def _shown_numbers(self, numbers: Iterable[int]) -> str:
        shown = []
        for number in numbers:
            if number in self._known:
                reference = self._numbers.setdefault(number, len(self._numbers) + 1)
                self._times[reference] += 1
                shown.append(f"[{reference}]")
            else:
                self.dropped += 1
        return "".join(shown)

    # -- words that a marker rests on

    def _next(self, at: int, final: bool) -> Step | None:
        if not self._quote_depth:
            return super()._next(at, final)
        left = quote_left(self._held, at, self._quote_depth, final)
        if left is None:
            return None
        end, self._quote_depth = left
        return "", end

    def _quoted(self, at: int, final: bool) -> Step | None:
        found = quoted_marker(self._held, at, final)
        if found is None:
            return None
        if not found.is_closed:
            self._quote_depth = 1
            self.unusable += 1
        return ("".join(self._with_quotes(found.items)) or None), found.end

    def _with_quotes(self, items: Iterable[QuotedNumbers]) -> Iterator[str]:
        """Yield the markers of the items, and keep their quotes."""
        numbers: tuple[int, ...] = ()
        for item in items:
            if item.numbers and item.numbers != numbers:
                numbers = item.numbers
                yield self._shown_numbers(numbers)
            reference = self._numbers.get(numbers[-1])
            if item.quote is not None and not re.search(r"\w", item.quote):
                self.unusable += 1
            elif item.quote and reference:
                key = reference, self._times[reference] - 1
                self.quotes[key] = (*self.quotes.get(key, ()), item.quote)

    # -- the forms

    def _handled(self, character: str, at: int, final: bool) -> Step | None:
        if self._numbers_alone:
            return (character, at + 1) if character in _OF_FORMS else super()._handled(character, at, final)
        if character in "[【［〔" and opens_quoted(self._held, at):
            return self._quoted(at, final)
        if character in "(（":
            return self._parentheses(at, final)
        if character == "@":
            return self._at_key(at, final)
        if tagged := _TAGGED.match(self._held, at, at + LONGEST):
            return self._rewritten(at, tagged.end(), f"[{tagged['inside']}]")
        if not final and _TAGGED_BEGUN.match(self._held, at):
            return None
        if character in "^" + _SUPERSCRIPTS or self._held.startswith(("<sup>", "$^"), at):
            return self._raised(character, at, final)
        if character == "\\":
            return self._command(at, final)
        return super()._handled(character, at, final)

    def _cited(self, group: str) -> str | None:
        inside = group[1:-1]
        if self._numbers_alone:
            return self._shown_numbers([int(inside)]) if re.fullmatch("[0-9]{1,6}", inside) else None
        numbers = marker_numbers(inside)
        if numbers is not None:
            return self._shown_numbers(numbers)
        keys = [part.strip().removeprefix("-") for part in re.split("[;,]", inside)]
        if all(map(is_key, keys)):
            return self._keys(keys)
        return self._by_names(inside, certain=True)

    def _keys(self, keys: Iterable[str]) -> str:
        """Return the markers of the papers that keys name; a key that names none is a plain word."""
        found = {key.strip().removeprefix("@"): self._names.key(key.strip()) for key in keys if key.strip()}
        words = [re.sub(r"[^\w:.-]", "", key) for key, number in found.items() if number is None]
        self.unmatched += len(words)
        markers = self._shown_numbers(number for number in found.values() if number is not None)
        return " ".join(filter(None, [f"({', '.join(words)})" if words else "", markers]))

    def _by_names(self, inside: str, *, certain: bool) -> str | None:
        """Return markers for "Kim et al., 2025; Lee, 2024". What names no evidence stays, in parentheses.

        Without `certain` a name and a year may also be no citation: "(May 2025)".
        """
        parts = inside.split(";")
        if not all(re.search(r"(?:19|20)\d\d", part) for part in parts):
            return None
        found = [self._names.author_year(part) for part in parts]
        if not all(found) or not any(item and (item[0] or item[1] or certain) for item in found):
            return None
        words = [part.strip() for part, item in zip(parts, found, strict=True) if item and item[0] is None]
        self.unmatched += sum(bool(item and item[0] is None and (item[1] or certain)) for item in found)
        markers = self._shown_numbers(item[0] for item in found if item and item[0] is not None)
        return " ".join(filter(None, [f"({'; '.join(words)})" if words else "", markers]))

    def _parentheses(self, at: int, final: bool) -> Step | None:
        may = _may_cite(self._held[at + 1 : at + 20].lstrip(" "))
        if may is None and self._is_open(at, final):
            return None
        found = _PARENTHESES.match(self._held, at, at + LONGEST) if may else None
        if found is None:
            waits = may and self._is_open(at, final) and not re.search("[(（]", self._held[at + 1 :])
            return None if waits else (self._held[at], at + 1)
        brackets = _ONLY_BRACKETS.match(self._held, at, at + LONGEST)
        if found.end() == len(self._held) and self._is_open(at, final):
            return None
        if brackets:
            return self._rewritten(at, brackets.end(), brackets.group()[1:-1])
        shown = self._in_clause(found["inside"], self._held[found.end() : found.end() + 1])
        if shown is None:
            return self._held[at], at + 1
        return (shown or None), found.end()

    def _in_clause(self, inside: str, following: str) -> str | None:
        if (named := _NAMED.fullmatch(inside)) and (listed := marker_numbers(named["list"])) is not None:
            return self._shown_numbers(listed)
        if not _NUMBERS.fullmatch(inside):
            return self._by_names(inside, certain=False)
        word = _LAST_WORD.search(self._context)
        if not word or word["word"].casefold() in _NOT_BEFORE_A_CITATION:
            return None
        if following and following not in _CLAUSE_ENDS:
            return None
        numbers = list(listed_numbers(inside))
        if not (self._in_parentheses or self._known.intersection(numbers)):
            return None
        self._in_parentheses = True
        return self._shown_numbers(numbers)

    def _raised(self, character: str, at: int, final: bool) -> Step | None:
        found = _RAISED.match(self._held, at, at + 60)
        if (
            not final
            and len(self._held) - at < 61
            and "\n" not in self._held[at:]
            and not _is_past(self._held, at, found)
        ):
            return None
        bracket = BRACKETS.match(self._held, at + 1, at + LONGEST) if character == "^" else None
        if bracket and marker_numbers(bracket.group()[1:-1]) is not None:  # pandoc's ^[1]
            return "", at + 1
        following = self._held[found.end() : found.end() + 1] if found else ""
        before = self._context.rstrip() if self._held[at] == "<" else self._context
        if not found or following.isalnum() or not _BEFORE_RAISED.search(before) or _UNITS.search(before):
            return super()._handled(character, at, final) if character in "<$" else (character, at + 1)
        numbers = list(listed_numbers(found.group().translate(_TO_DIGITS).replace("⁻", "-")))
        if len(numbers) == 1 and numbers[0] not in self._known and character in _SUPERSCRIPTS:
            single = [int(digit) for digit in str(numbers[0])]  # "¹²" may be two
            numbers = single if self._known.issuperset(single) else numbers
        shown = self._shown_numbers(numbers)
        apart = " " if shown and self._context[-1:].isalnum() else ""  # "tokens¹." is "tokens [1]."
        return (apart + shown or None), found.end()

    def _command(self, at: int, final: bool) -> Step | None:
        if not final and _ESCAPED_BEGUN.match(self._held, at):
            return None
        if escaped := _ESCAPED.match(self._held, at):
            return self._rewritten(at, escaped.end(), f"[{escaped['inside']}]")
        if cite := _CITE.match(self._held, at, at + LONGEST):
            if marker_numbers(cite["keys"]) is not None:
                return self._rewritten(at, cite.end(), f"[{cite['keys']}]")
            return (self._keys(cite["keys"].split(",")) or None), cite.end()
        if _CITE_BEGUN.match(self._held, at) and self._is_open(at, final) and "}" not in self._held[at:]:
            return None
        return super()._backslash(at, final)

    def _at_key(self, at: int, final: bool) -> Step | None:
        found = _AT_KEY.match(self._held, at, at + 80)
        end = found.end() if found else at + 1
        if end == len(self._held) and end < at + 80 and not final:
            return None
        if found and is_key(found["key"]) and not self._context[-1:].isalnum():
            key = found["key"].rstrip(":-")
            return (self._keys([key]) or None), at + 1 + len(key)
        return "@", at + 1


def _may_cite(ahead: str) -> bool | None:
    """Tell whether words behind an opening parenthesis may be a citation; None while there are too few to tell."""
    if not ahead:
        return None
    if not ahead[0].islower():
        return ahead[0].isalnum() or ahead[0] in "[【"
    openings = (*_OPENINGS, *_NAMED_OPENINGS)
    if ahead.startswith(openings):
        return True
    return None if any(opening.startswith(ahead) for opening in openings) else False


def _is_past(text: str, at: int, found: re.Match[str] | None) -> bool:
    """Tell whether more text cannot change what is raised at `at`."""
    if found:
        return found.end() + 1 < len(text) and text[found.end()] not in ",-"
    return text[at] in _SUPERSCRIPTS or (text[at] == "^" and at + 1 < len(text) and text[at + 1] not in "{[ 0123456789")
