"""All papers on a topic -> an overview in lines: how many, in which groups, and what each brings."""

from collections.abc import Iterator, Sequence

from assistant.facts.catalogue_answers import Line, count, paper_line
from assistant.manuscripts.themes import Theme, themes
from assistant.manuscripts.whole_sections import paper_vectors
from assistant.planning.chips import described
from assistant.planning.plan import Form, Survey
from vectorstore.library import Library
from vectorstore.papers import Paper

_MOST = 24  # papers that are told


def survey_lines(asked: Survey, papers: Sequence[Paper], library: Library, *, form: Form) -> Iterator[Line]:
    """Yield a lead, then the papers by theme, the largest first, a line a paper; of more than 24 the closest."""
    told = papers[:_MOST]
    grouped = themes(told, paper_vectors(told, library)) if len(told) > 1 else []
    topic = f" on {asked.topic}" if asked.topic else ""
    scope = described(asked.filters)
    verb = "is" if len(papers) == 1 else "are"
    counted = f"{count(len(papers), 'paper')} in the library {verb}{topic}{scope}" if topic or scope else (
        f"The library holds {count(len(papers), 'paper')}"
    )  # fmt: skip
    beyond = f"; the {len(told)} closest are told here" if len(papers) > len(told) else ""
    in_groups = f", on {len(grouped)} themes" if len(grouped) > 1 else ""
    yield Line(f"{counted}{in_groups}{beyond}.")
    if form.length == "short" or (form.sentences or 9) < 3:
        if len(grouped) > 1:
            names = ", ".join(f"{theme.name} ({len(theme.papers)})" for theme in grouped)
            yield Line(f"The themes are: {names}.")
        return
    number = 0
    for theme in grouped or [Theme("", tuple(told))]:
        if len(grouped) > 1:
            yield Line(f"\n**{theme.name}**")
        for paper in theme.papers:
            number += 1
            line = paper_line(number, paper)
            yield Line(f"- {line.text.partition('. ')[2]}", line.papers, line.quote)
