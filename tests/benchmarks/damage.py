"""Damage to every kind of file: whether it is noticed, whether anything wrong is shown, and what is kept."""

import shutil
from collections import defaultdict
from pathlib import Path

from rich.table import Table

from tests.damage import ONE_PAGE, Outcome, after_damage, cases, lived_in
from vectorstore.library import Library


def damage_table(seeds: Path, folder: Path) -> Table:
    """Return a row a kind of file and damage."""
    whole = folder / "whole"
    with Library(whole) as library:
        library.ingest([seeds])
    expected = lived_in(whole)
    outcomes: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for number, (kind, damage, place) in enumerate(cases(whole)):
        copy = folder / str(number)
        try:
            outcomes[kind, damage].append(after_damage(whole, copy, expected, kind, damage, place))
        except Exception as error:  # a crash is an outcome, too
            outcomes[kind, damage].append(Outcome("", [f"{type(error).__name__}: {error}"], 0.0))
        shutil.rmtree(copy, ignore_errors=True)
    table = Table("damage to", "by", "cases", "noticed or harmless", "wrong", "least kept", "what happened")
    for (kind, damage), found in outcomes.items():
        table.add_row(kind, damage, *_figures(found))
    table.add_section()
    every = [one for found in outcomes.values() for one in found]
    table.add_row("all", "", *_figures(every))
    one_page = [one for (kind, damage), found in outcomes.items() if damage in ONE_PAGE for one in found]
    table.add_row("all", "at most one page", *_figures(one_page))
    return table


def _figures(outcomes: list[Outcome]) -> list[str]:
    noticed = sum(bool(one.noticed) for one in outcomes)
    wrong = [said for one in outcomes for said in one.wrong]
    ways = ", ".join(sorted({one.noticed or "not noticed" for one in outcomes}))
    return [
        str(len(outcomes)),
        f"{100 * noticed / len(outcomes):.0f} %",
        str(len(wrong)) + (f" ({wrong[0][:60]})" if wrong else ""),
        f"{100 * min(one.kept for one in outcomes):.1f} %",
        ways,
    ]
