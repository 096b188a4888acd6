"""What a printed name says: given names | particle | family name | suffix, or a group."""

import pytest

from assistant.planning.people import People
from assistant.text.evidence import printed_surname
from vectorstore.authors.personal_names import personal_name, split_names, surname, without_suffix
from vectorstore.text.folding import folded

# Dutch, Spanish, Portuguese, Arabic, Irish, Scottish, Vietnamese, Chinese, Indonesian and other names.
PEOPLE = """
Aäron | van den | Oord |
Nando | de | Freitas |
Gerard | 't | Hooft |
Laurens | | Van Der Maaten |
Wietse | van der | Meer |
Koen | | Van den Broeck |
Pedro | | De la Cruz |
Stéphane | | d'Ascoli |
Juan | | De La Cruz |
José | | Ortega y Gasset |
Ana | de la | Cruz García |
Gabriel García | | Márquez |
Maria | da | Silva e Costa |
João Pedro | dos | Santos |
Rami | | al-Rfou |
Mohammed | bin | Salman |
Ahmed | | El Khatib |
Conor | | O'Brien |
Siobhán | | O’Sullivan |
Seán | | Ó Cinnéide |
Saunders | | Mac Lane |
Ronan | | McDonald |
Peter | | St. John |
Nguyễn Văn | | Minh |
Hung Van | | Nguyen |
Đỗ Thị | | Hà |
The Anh | | Han |
Xiao Bin | | Li |
Wei (David) | | Chen |
QING | | AI |
| | 王伟 |
| | Suharto |
Budi | | Santoso |
danah | | boyd |
J. R. R. | | Tolkien |
Charles Louis Xavier Joseph | de la | Vallée Poussin |
Mary-Kate | | Smith-Jones |
Robert | | Tarjan | III
Guy | | Steele | Jr.
"""
GROUPS = """
Gemini Team: gemini
The ATLAS Collaboration: atlas
Team OLMo: olmo
Meta AI: meta
Google Research: google
University of Oxford: oxford
BigScience Workshop: bigscience
Rosanne Liu and Friends: rosanne liu friends
"""


def parts_of(name: str) -> tuple[str, str, str, str]:
    read = personal_name(name)
    assert not read.is_group
    return read.given, read.particle, read.family, read.suffix


@pytest.mark.parametrize("line", PEOPLE.strip().splitlines())
def test_a_name_is_read_in_its_parts_whichever_way_it_is_turned(line: str) -> None:
    given, particle, family, suffix = parts = tuple(part.strip() for part in line.split("|"))
    assert parts_of(" ".join(filter(None, parts))) == parts
    if given:
        behind = f", {suffix}" if suffix else ""
        surname = f"{particle} {family}".strip()
        assert parts_of(f"{surname}{behind}, {given}") == parts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Martin Luther King, Jr.", ("Martin Luther", "", "King", "Jr.")),
        ("King, Martin Luther, Jr.", ("Martin Luther", "", "King", "Jr.")),
        ("Jane Doe, PhD", ("Jane", "", "Doe", "")),
        ("Jane Doe Ph.D.", ("Jane", "", "Doe", "")),
        ("John Roe Jr., M.D.", ("John", "", "Roe", "Jr.")),
        ("Chen Wang (王晨)", ("Chen", "", "Wang", "")),
        ("van den Oord", ("", "van den", "Oord", "")),
        ("Sr III", ("", "", "Sr", "III")),  # a surname alone
    ],
)
def test_what_stands_behind_a_name_is_no_part_of_the_surname(name: str, expected: tuple[str, ...]) -> None:
    assert parts_of(name) == expected


@pytest.mark.parametrize("line", GROUPS.strip().splitlines())
def test_a_group_is_one_name(line: str) -> None:
    name, key = line.split(": ")
    assert personal_name(name).is_group
    assert surname(name) == key
    assert printed_surname(name) == name.removeprefix("The ")


def test_a_text_names_people_by_the_whole_surname() -> None:
    names = ("Aäron van den Oord", "Martin Luther King, Jr.", "José Ortega y Gasset", "Wei (David) Chen")
    assert [printed_surname(name) for name in names] == ["van den Oord", "King", "Ortega y Gasset", "Chen"]


def test_what_is_no_name_is_no_author() -> None:
    line = "NVIDIA, :, Aaron Blakeman, PhD, Guy Steele, Jr., et al."
    assert split_names(line) == ("NVIDIA", "Aaron Blakeman", "Guy Steele, Jr.")


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("papers by van den Oord", "Aäron van den Oord"),
        ("papers by oord", "Aäron van den Oord"),
        ("van den Oord's papers", "Aäron van den Oord"),
        ("what did de Freitas publish?", "Nando de Freitas"),
        ("papers by Ortega y Gasset since 2020", "José Ortega y Gasset"),
        ("papers by de la Vallée Poussin", "Charles de la Vallée Poussin"),
        ("papers by Guy Steele", "Guy Steele Jr."),
        ("Martin Luther King, Jr.", "Martin Luther King, Jr."),
        ("papers by Gemini Team", "Gemini Team"),
    ],
)
def test_people_are_found_by_either_form_of_their_surname(asked: str, printed: str) -> None:
    names = (
        *("Aäron van den Oord", "Nando de Freitas", "José Ortega y Gasset", "Charles de la Vallée Poussin"),
        *("Guy Steele Jr.", "Martin Luther King, Jr.", "Gemini Team", "Alice Brown"),
    )
    people = People({folded(name): name for name in names})
    named = [person.names for person in people.named_in(asked)]
    word = asked.rpartition(" ")[2]
    assert named == [(printed,)] or (not named and people.with_surname(word) == (printed,))
    assert people.meant(without_suffix(printed)) == (printed,)


def test_a_thing_called_after_somebody_is_no_name() -> None:
    people = People({folded("John von Neumann"): "John von Neumann"})
    assert list(people.named_in("papers about von Neumann entropy")) == []
