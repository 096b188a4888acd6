"""The conversations of the page: what is asked, changed, stopped and asked again, and what the history keeps of it."""

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from assistant.conversations.history import History
from assistant.conversations.limits import Limits
from assistant.pipeline import Assistant
from assistant.records import By
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.model_picker import Pick
from assistant.ui.transcript import Exchange
from assistant.wiring import open_assistant
from tests.answered import ended, wait
from tests.judging_server import FREELY, QUESTION, Stub, verdict_line
from tests.openai_server import Script, openai_server
from vectorstore.errors import HistoryError

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


def ask(chats: Chats, question: str, conversation_id: str = "", *, model: str = LOCAL, edited: str = "") -> Exchange:
    """Ask, wait until nothing goes on in the conversation, and return its last exchange."""
    return ended(chats, chats.ask(conversation_id, question, model=Pick(model), strict=False, edited=edited))


def growing(chats: Chats, conversation_id: str, text: str) -> Exchange:
    """Return the exchange that is being answered once it has a text."""
    exchange = chats.running.activity(conversation_id).live
    assert exchange is not None
    wait(lambda: text in exchange.text)
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
    assert changed.versions == (last.exchange_id, changed.exchange_id)
    assert "2/2" in chats.exchange_html(changed)


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

    chats.ask_without(narrow.conversation_id, narrow.exchange_id, place, model=Pick(LOCAL), strict=False)

    wide = ended(chats, narrow.conversation_id)
    assert wide.answer is not None
    assert [chip.label for chip in wide.answer.chips] == ["by Soeun Kim"]


def test_a_filter_that_there_is_not_is_not_taken_away(chats: Chats) -> None:
    asked = ask(chats, "What is Rainbow Padding?")

    chats.ask_without(asked.conversation_id, asked.exchange_id, 7, model=Pick(LOCAL), strict=False)

    assert questions(chats, asked.conversation_id) == ["What is Rainbow Padding?"]
    with pytest.raises(HistoryError):
        chats.ask_without(asked.conversation_id, "nothing", 0, model=Pick(LOCAL), strict=False)


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


WORDS = tuple(f"word{number} " for number in range(300))
SLOW = Script(pieces=("Rainbow Padding uses a cycle of distinct padding tokens [1]. ", *WORDS), seconds_a_piece=0.05)


@pytest.mark.parametrize("question", labels.OF_THESE.values())
def test_the_buttons_beside_the_limits_ask_of_the_limited_papers_whatever_was_answered_before(
    chats: Chats, question: str
) -> None:
    outside = ask(chats, "Which papers are about diffusion models?")
    limits = Limits(authors=("Kyelim Lee",))
    chats.history.limit(outside.conversation_id, limits)

    asked = ask(chats, question, outside.conversation_id)

    inside = {paper.paper_id for paper in chats.assistant.library.papers(limits.filters())}
    assert asked.answer is not None
    assert {one.paper_id for one in asked.answer.references} == inside


@pytest.mark.parametrize("question", ["What is Rainbow Padding?", "What is FlashAttention-3?"])
def test_what_is_offered_to_go_on_with_is_answered_within_the_limits(chats: Chats, question: str) -> None:
    called = ask(chats, question).conversation_id
    chats.history.limit(called, Limits(authors=("Kyelim Lee",)))

    offered = re.findall(r'class="follow-up" data-question="([^"]+)"', chats.transcript_html(called))

    assert offered
    for one in map(unescape, offered):
        answered = ask(chats, one, called).answer
        assert answered is not None and not answered.abstained, one


def test_where_nothing_lies_within_the_limits_no_question_is_offered(chats: Chats) -> None:
    called = ask(chats, "What is Rainbow Padding?").conversation_id
    chats.history.limit(called, Limits(until_year=1900))

    assert 'class="follow-up"' not in chats.transcript_html(called)


def test_a_stopped_answer_is_checked_and_the_question_that_waits_is_asked(chats: Chats) -> None:
    with openai_server(SLOW) as server:
        model = f"{server.base_url}#slow"
        called = chats.ask("", "What is Rainbow Padding?", model=Pick(model), strict=False)
        growing(chats, called, "word1")
        assert chats.ask(called, "Who wrote it?", model=Pick(LOCAL), strict=False) == called
        assert [task.question for task in chats.running.activity(called).waiting] == ["Who wrote it?"]
        chats.stop(called)
        assert server.left.wait(5)
        second = ended(chats, called)

    assert second.answer is not None
    assert "Bumjun Kim" in second.answer.text
    kept = chats.history.conversation(called)
    assert kept is not None
    stopped = kept.exchanges[0].answer
    assert stopped is not None
    assert stopped.incomplete
    assert stopped.notes[-1] == "Stopped here."
    assert len(stopped.references) == 1
    assert "word1" in stopped.text


def test_an_answer_that_is_stopped_before_its_first_word_has_none(chats: Chats) -> None:
    with openai_server(Script(silent_seconds=60.0)) as server:
        called = chats.ask("", "What is Rainbow Padding?", model=Pick(f"{server.base_url}#slow"), strict=False)
        wait(lambda: server.chats)
        chats.stop(called)
        stopped = ended(chats, called)

    assert stopped.stopped
    assert stopped.answer is None


@pytest.mark.parametrize("question", ["What baselines do they use?", "Which of them release a checkpoint?"])
def test_an_answer_is_stopped_while_papers_are_read_for_it(chats: Chats, question: str) -> None:
    chats.assistant.library.reader.answers("?", [("Title", "Text")])  # is loaded
    papers = [paper.paper_id for paper in chats.assistant.library.papers()]
    called = chats.history.begin(Limits(paper_ids=tuple(papers)))
    chats.ask(called, question, model=Pick(LOCAL), strict=False)
    exchange = chats.running.activity(called).live
    assert exchange is not None
    wait(lambda: exchange.doing)
    before = time.monotonic()
    chats.stop(called)
    wait(lambda: exchange.is_over)

    assert time.monotonic() - before < 1
    assert exchange.stopped and exchange.answer is None


def test_two_conversations_are_answered_at_once_and_each_keeps_its_own(chats: Chats) -> None:
    with openai_server(SLOW) as server:
        model = Pick(f"{server.base_url}#slow")
        one, two = (
            chats.ask("", question, model=model, strict=False) for question in ("What is DUSK?", "What is SNIP?")
        )
        growing(chats, one, "word3")
        growing(chats, two, "word3")
        assert {one, two} <= chats.running.conversations
        for called in (one, two):
            chats.stop(called)

    assert ended(chats, one).question == "What is DUSK?"
    assert ended(chats, two).question == "What is SNIP?"


def test_what_a_text_is_written_from_is_known_before_its_first_word_and_what_it_cites_as_it_comes(chats: Chats) -> None:
    with openai_server(replace(SLOW, silent_seconds=0.6)) as server:
        called = chats.ask("", "What is Rainbow Padding?", model=Pick(f"{server.base_url}#slow"), strict=False)
        exchange = growing(chats, called, "")
        wait(lambda: exchange.read)
        assert exchange.text == ""
        assert "Rainbow Padding" in chats.evidence_html(exchange)
        growing(chats, called, "word1")
        assert exchange.cited == exchange.read[:1]
        assert 'class="citation"' in chats.exchange_html(exchange)
        chats.stop(called)
        ended(chats, called)


def test_a_question_that_waits_can_be_taken_back(chats: Chats) -> None:
    with openai_server(SLOW) as server:
        called = chats.ask("", "What is DUSK?", model=Pick(f"{server.base_url}#slow"), strict=False)
        chats.ask(called, "Who wrote it?", model=Pick(LOCAL), strict=False)
        (task,) = chats.running.activity(called).waiting

        assert chats.running.take_back(called, task.task_id) == "Who wrote it?"
        assert chats.running.take_back(called, task.task_id) == ""
        growing(chats, called, "word1")
        chats.stop(called)
        ended(chats, called)

    assert questions(chats, called) == ["What is DUSK?"]


def test_a_deleted_conversation_asks_nothing_more(chats: Chats) -> None:
    with openai_server(SLOW) as server:
        called = chats.ask("", "What is DUSK?", model=Pick(f"{server.base_url}#slow"), strict=False)
        chats.ask(called, "Who wrote it?", model=Pick(LOCAL), strict=False)
        growing(chats, called, "word1")
        chats.running.drop(called)
        chats.history.delete(called)
        wait(lambda: chats.running.activity(called).live is None)

    chats.history.undelete(called)
    assert questions(chats, called) == ["What is DUSK?"]


def test_a_model_that_failed_is_known_until_it_answers(chats: Chats) -> None:
    with openai_server(Script(pieces=("It is so.",))) as server:
        model = f"{server.base_url}#m"
    ask(chats, "What is DUSK?", model=model)
    assert chats.failing == {model}
    with openai_server(Script(pieces=("It is so.",)), port=int(server.base_url.split(":")[2].split("/")[0])):
        ask(chats, "What is DUSK?", model=model)
    assert chats.failing == set()


def test_a_conversation_is_drawn_from_its_newest_and_the_rest_above_it(chats: Chats) -> None:
    called = chats.history.begin()
    ids = [chats.history.ask(called, f"Question {number}?", LOCAL) for number in range(50)]
    for exchange_id in ids:
        chats.history.keep(exchange_id, text="So.", answer=None, problem="", stopped=True)

    newest = chats.transcript_html(called)

    assert newest.count("<article") == 20
    assert "Question 30?" in newest
    assert "30 earlier" in newest
    above = chats.earlier_html(called, ids[30])
    assert above.count("<article") == 20
    assert "Question 10?" in above
    assert "10 earlier" in above


def test_a_problem_is_kept_with_its_question(chats: Chats) -> None:
    exchange = ask(chats, "What is DUSK?", model="http://127.0.0.1:9/v1#nobody")

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
        exchange = ended(chats, chats.ask("", QUESTION, model=pick, strict=False))
        assert "Check with" in chats.exchange_html(exchange)
        chats.judge(exchange.conversation_id, exchange.exchange_id, keys={})

        judged = ended(chats, exchange.conversation_id)
        assert judged.is_over and judged.answer
        assert [one.by for one in judged.answer.sentences] == [By.JUDGE]
        assert "Check with" not in chats.exchange_html(judged)
        with pytest.raises(HistoryError):
            chats.judge(exchange.conversation_id, "no such", keys={})
