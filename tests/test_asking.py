"""The conversations of the page: what is asked, changed, stopped and asked again, and what the history keeps of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.pipeline import Assistant
from assistant.records import By
from assistant.settings import Settings
from assistant.ui.asking import Chats
from assistant.ui.model_picker import Pick
from assistant.ui.transcript import Exchange
from assistant.wiring import open_assistant
from tests.judging_server import FREELY, QUESTION, Stub, verdict_line
from tests.openai_server import Script, openai_server

LOCAL = "local:extractive"


@pytest.fixture(scope="module")
def assistant(seeds_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("asking") / "library"
    shutil.copytree(seeds_folder, folder)
    with open_assistant(Settings(library=folder)) as assistant:
        yield assistant


@pytest.fixture
def chats(assistant: Assistant) -> Chats:
    return Chats(assistant, History(assistant.library.catalogue.engine))


def ask(chats: Chats, question: str, conversation_id: str = "", **how: str) -> Exchange:
    *_, exchange = chats.asked(conversation_id, question, model=Pick(LOCAL), strict=False, **how)
    return exchange


def questions(chats: Chats, conversation_id: str) -> list[str]:
    conversation = chats.history.conversation(conversation_id)
    return [exchange.question for exchange in conversation.exchanges] if conversation else []


def test_a_question_begins_a_conversation_and_the_next_one_goes_on_with_it(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")
    second = ask(chats, "Who wrote it?", first.conversation_id)

    assert second.answer is not None
    assert "Bumjun Kim" in second.answer.text
    assert questions(chats, first.conversation_id) == ["What is Rainbow Padding?", "Who wrote it?"]


def test_what_was_answered_is_kept_as_it_was(chats: Chats) -> None:
    exchange = ask(chats, "What is Rainbow Padding?")

    kept = chats.history.conversation(exchange.conversation_id)
    assert kept is not None
    assert kept.exchanges[0].answer == exchange.answer


def test_a_changed_last_question_takes_its_place(chats: Chats) -> None:
    ask(chats, "What is DUSK?")
    first = ask(chats, "What is Rainbow Padding?")
    last = ask(chats, "Who wrote that?", first.conversation_id)

    changed = ask(chats, "When did it appear?", first.conversation_id, edited=last.exchange_id)

    assert changed.conversation_id == first.conversation_id
    assert questions(chats, first.conversation_id) == ["What is Rainbow Padding?", "When did it appear?"]


def test_a_changed_earlier_question_goes_on_in_a_chat_of_its_own_and_nothing_is_lost(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")
    second = ask(chats, "Who wrote it?", first.conversation_id)
    ask(chats, "Is there code?", first.conversation_id)

    changed = ask(chats, "When did it appear?", first.conversation_id, edited=second.exchange_id)

    assert changed.conversation_id != first.conversation_id
    assert questions(chats, changed.conversation_id) == ["What is Rainbow Padding?", "When did it appear?"]
    assert changed.answer is not None
    assert "2025" in changed.answer.text
    assert len(questions(chats, first.conversation_id)) == 3


def test_a_filter_is_taken_away_in_the_light_of_what_was_asked_before(chats: Chats) -> None:
    narrow = ask(chats, "papers by Soeun Kim from 2025")
    assert narrow.answer is not None
    place = [chip.label for chip in narrow.answer.chips].index("from 2025")

    *_, wide = chats.asked_without(narrow.conversation_id, narrow.exchange_id, place, model=Pick(LOCAL), strict=False)

    assert wide.answer is not None
    assert [chip.label for chip in wide.answer.chips] == ["by Soeun Kim"]


def test_a_filter_that_there_is_not_is_not_taken_away(chats: Chats) -> None:
    asked = ask(chats, "What is Rainbow Padding?")

    assert list(chats.asked_without(asked.conversation_id, asked.exchange_id, 7, model=Pick(LOCAL), strict=False)) == []
    assert list(chats.asked_without(asked.conversation_id, "nothing", 0, model=Pick(LOCAL), strict=False)) == []


def test_a_question_in_a_chat_that_was_deleted_elsewhere_begins_a_new_one(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")
    chats.history.delete(first.conversation_id)

    second = ask(chats, "What is DUSK?", first.conversation_id)

    assert second.answer is not None
    assert second.conversation_id != first.conversation_id


def test_a_limited_chat_answers_from_those_papers_alone(chats: Chats) -> None:
    conversation_id = chats.history.begin(Limits(authors=("Soeun Kim",)))

    answer = ask(chats, "Which papers are there?", conversation_id).answer

    assert answer is not None
    assert answer.references
    papers = chats.assistant.library.catalogue.papers([one.paper_id for one in answer.references])
    assert all("Soeun Kim" in paper.people for paper in papers)


def test_a_stopped_answer_keeps_its_text_and_the_next_question_is_answered(chats: Chats) -> None:
    slow = Script(pieces=tuple(f"word{number} " for number in range(300)), seconds_a_piece=0.05)
    with openai_server(slow) as server:
        steps = chats.asked("", "What is Rainbow Padding?", model=Pick(f"{server.base_url}#slow"), strict=False)
        exchange = next(step for step in steps if "word1" in step.text)
        stopped = chats.stop(exchange.conversation_id)
        steps.close()

    assert stopped is exchange
    kept = chats.history.conversation(exchange.conversation_id)
    assert kept is not None
    assert kept.exchanges[0].stopped
    assert kept.exchanges[0].text.startswith("word0 word1")
    assert ask(chats, "What is DUSK?", exchange.conversation_id).answer


def test_a_reader_who_leaves_in_the_middle_finds_what_was_written(chats: Chats) -> None:
    slow = Script(pieces=tuple(f"word{number} " for number in range(300)), seconds_a_piece=0.05)
    with openai_server(slow) as server:
        steps = chats.asked("", "What is Rainbow Padding?", model=Pick(f"{server.base_url}#slow"), strict=False)
        exchange = next(step for step in steps if "word1" in step.text)
        steps.close()

    kept = chats.history.conversation(exchange.conversation_id)
    assert kept is not None
    assert kept.exchanges[0].stopped
    assert "word1" in kept.exchanges[0].text
    assert exchange.conversation_id not in chats.live


def test_a_problem_is_kept_with_its_question(chats: Chats) -> None:
    *_, exchange = chats.asked("", "What is DUSK?", model=Pick("http://127.0.0.1:9/v1#nobody"), strict=False)

    kept = chats.history.conversation(exchange.conversation_id)
    assert kept is not None
    assert "cannot be reached" in kept.exchanges[0].problem


def test_an_exchange_is_shown_with_its_evidence_and_no_other(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")
    second = ask(chats, "What is DUSK?", first.conversation_id)

    html = chats.exchange_html(second)

    assert html.count("<article") == 2  # the exchange, and one card
    assert "Rainbow" not in html
    assert chats.transcript_html(first.conversation_id).count('class="exchange"') == 2


def test_the_same_conversation_is_shown_anew_each_time(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")

    assert chats.transcript_html(first.conversation_id) != chats.transcript_html(first.conversation_id)


def test_a_limit_set_in_a_chat_that_was_deleted_elsewhere_begins_a_new_one(chats: Chats) -> None:
    first = ask(chats, "What is Rainbow Padding?")
    assert chats.going_on(first.conversation_id) == first.conversation_id

    chats.history.delete(first.conversation_id)

    assert chats.going_on(first.conversation_id) not in ("", first.conversation_id)
    assert chats.going_on("") != ""


def test_the_model_that_answered_judges_its_answer_when_it_is_asked_to(seeds_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(seeds_folder, tmp_path / "library")
    stub = Stub(FREELY, [verdict_line(1, "says", "with as few as seven padding tokens sufficient")])
    with (
        openai_server(Script(raw=stub.raw)) as stub.server,
        open_assistant(Settings(library=tmp_path / "library", judge="off")) as assistant,
    ):
        chats, pick = Chats(assistant, History(assistant.library.catalogue.engine)), Pick(f"{stub.server.base_url}#m")
        *_, exchange = chats.asked("", QUESTION, model=pick, strict=False)
        assert "Check with" in chats.exchange_html(exchange)
        first, *_, judged = chats.judged(exchange.conversation_id, exchange.exchange_id, keys={})

        assert not first.stopped and judged.is_over and judged.answer
        assert [one.by for one in judged.answer.sentences] == [By.JUDGE]
        assert "Check with" not in chats.exchange_html(judged)
        kept = chats.last(exchange.conversation_id)
        assert kept and kept.answer == judged.answer
        *_, nothing = [None, *chats.judged(exchange.conversation_id, "no such", keys={})]
        assert nothing is None
