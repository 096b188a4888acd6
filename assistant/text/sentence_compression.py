"""A long sentence -> the same up to the end of a clause, so that what remains is whole and said by its abstract."""

import re
from collections.abc import Iterator

LONGEST = 45  # words
SHORTEST = 8
# What begins a clause, or a phrase, that a sentence can do without.
_OPENERS = "|".join(
    """
    which where while whereas so but because since although though with without to even especially particularly
    including
    using effectively thereby thus enabling allowing making leading resulting achieving demonstrating showing providing
    ensuring improving outperforming reducing yielding facilitating highlighting offering suggesting revealing
    establishing surpassing supporting indicating underscoring capturing exceeding paving eliminating featuring covering
    consisting comprising organizing investigating guiding preserving maintaining requiring addressing
    """.split()
)
_FINITE = "|".join(
    """
    is are was were has have can shows? demonstrates? achieves? improves? provides? reveals? enables? establish(?:es)?
    introduces? evaluates? validates? propose develop design present find conduct outperforms? reduces? prove analyze
    optimize train use adapt combine evaluate compare employ leverage integrate formulate extend derive perform report
    release construct apply investigate examine discuss offers? explore identify highlights? uses? confirms? suggest
    hypothesi[sz]e argue observe characterize formalize
    """.split()
)
_REMEDIES = "address|resolve|overcome|bridge|tackle|mitigate|explore|fill|solve|alleviate|handle|close|achieve|remedy"
_BOUNDARY = re.compile(
    rf"; |: | – | while | whereas |, (?:\w+ly )?(?:{_OPENERS}|such as|as well as|rather than|in order to|followed by"
    r"|(?:driven|based) (?:by|on)|i\.e\.|e\.g\.)(?!\w)"
    rf"|(?:,| –|:)? and (?:thus |then |also |further |they |it |their \w+ )?(?:{_FINITE})\b"
    r"|, and (?:they|it|their|this)\b"
    rf"|,? (?:designed |aiming |aimed |in order )?to (?:\w+ly )?(?:{_REMEDIES}) (?:this|these|such)\b"
)
_THINGS = "|".join(
    """
    components? stages? steps? modules? challenges? contributions? aspects? parts? questions? phases? ideas? designs?
    tasks? dimensions? types innovations? principles? paradigms?
    """.split()
)
# Words that promise something that a cut would take away.
_PROMISES = re.compile(
    r"\b(?:both|either|neither|not only|not just|between|(?:the )?following|as follows"
    rf"|(?:two|three|four|five|several|key) (?:\w+ )?(?:{_THINGS}))\b(?![^.]* and )",
    re.I,
)
_PROMISE_AT_THE_END = re.compile(
    r",?(?: (?:featuring|with|comprising|through|via|by|in|from|including|covering|across|using|which \w+"
    r"|consisting of"
    r"|based on))+ (?:the following )?(?:two|three|four|five|six|several)(?: [\w-]+){1,3}$"
)
_PAIRS = (("(", ")"), ("“", "”"), ("[", "]"))
_LIST_NUMBER = re.compile(r"(?<!\w)\(?(?:\d|[a-c]|i{1,3}|iv|v)\)")


def within_length(sentence: str, *, longest: int = LONGEST) -> Iterator[str]:
    """Yield a sentence if it has at most `longest` words, then what it says up to the end of each clause, the longest
    first."""
    if sentence.endswith(("?", "!")):
        return
    whole = _without_promise(sentence.rstrip("."))
    if len(whole.split()) <= longest:
        yield f"{whole}."
    without = _without_remarks(whole)
    if without != whole and len(without.split()) <= longest:
        yield f"{without}."
    for text in dict.fromkeys((whole, without)):
        for match in reversed(list(_BOUNDARY.finditer(text))):
            if _is_inside_a_list(text, match.start()):
                continue
            head = _without_promise(text[: match.start()].rstrip(" ,;:–"))
            if SHORTEST <= len(head.split()) <= longest and is_balanced(head) and not _PROMISES.search(head):
                yield f"{head}."


def _is_inside_a_list(text: str, place: int) -> bool:
    """Tell whether a list goes on behind `place`: "(1) ... | (2) ...", or parts with semicolons after a colon."""
    before, behind = text[:place], text[place:]
    if _LIST_NUMBER.search(before) and _LIST_NUMBER.search(behind):
        return True
    return behind.startswith(";") and (": " in before or "; " in before)


def _without_promise(text: str) -> str:
    """Return a text without "with two key components" at its end, which is to be followed by what they are."""
    promise = _PROMISE_AT_THE_END.search(text)
    return text[: promise.start()] if promise else text


def _without_remarks(sentence: str) -> str:
    """Return a sentence without "(e.g., ...)" and other remarks in brackets, of which acronyms and years are none."""
    return re.sub(r" \((?!\d{4}\))[^()]*[ ,][^()]*\)", "", sentence)


def is_balanced(text: str) -> bool:
    """Tell whether brackets and quotations are closed. "(1)" and "a)" of a list do not count."""
    text = _LIST_NUMBER.sub("", text)
    return all(text.count(one) == text.count(other) for one, other in _PAIRS) and text.count('"') % 2 == 0
