"""A change of the embedder: the new index is built beside the old one, which answers until the new one takes over."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.fakes import RandomEmbeddings, embed_beforehand, listing_of, wait_until
from tests.openai_server import Embedding, OpenAIServer, openai_server
from tests.test_library import ROOT, Steps, found, run_together
from vectorstore.embedders.embeddings import embedding_privacy
from vectorstore.errors import EmbeddingError
from vectorstore.library import Library
from vectorstore.search.indexes import _SEAL, Indexes, _checksums, embedder_of, is_sealed
from vectorstore.servers import Access

MORE = listing_of(150, name="more.txt")


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


@pytest.fixture
def folder(seeds_folder: Path, tmp_path: Path) -> Path:
    """A closed library of the seeds, embedded with MiniLM, that a test may change."""
    return Path(shutil.copytree(seeds_folder, tmp_path / "library"))


def opened(folder: Path, server: OpenAIServer, *, background: bool = False, steps: Steps | None = None) -> Library:
    access = Access(timeout_seconds=60.0)
    name = f"{server.base_url}#m"
    return Library(folder, embedder=name, access=access, in_background=background, on_progress=steps)


def is_switched(library: Library) -> bool:
    return library.embeddings.model.name != "minilm"


def index_folders(folder: Path) -> list[str]:
    return [embedder_of(path) for path in sorted(folder.glob("index*"))]


def is_found(library: Library, title: str) -> bool:
    """Tell whether a paper is the first that its own text finds."""
    (text,) = [one.embedded_text for one in library.catalogue.passages() if one.title == title]
    return library.search(text, top_k=1)[0].passage.title == title


def papers_sent(server: OpenAIServer) -> list[str]:
    return [text for batch in server.embedded if len(batch) > 1 for text in batch]


# -- at once


def test_a_library_is_embedded_anew_at_its_first_search(folder: Path, server: OpenAIServer) -> None:
    steps = Steps()
    with opened(folder, server, steps=steps) as library:
        texts = [passage.embedded_text for passage in library.catalogue.passages()]
        assert server.received == []
        (best, *_) = library.search(texts[3], top_k=3)
        assert best.passage.embedded_text == texts[3]
        assert best.cosine == pytest.approx(1.0, abs=1e-5)
        assert library.embeddings.embedded == len(texts) == len(library.retriever.dense)
    assert sorted(papers_sent(server)) == sorted(texts)
    assert set(steps.seen) == {"Embedding anew"}
    assert index_folders(folder) == [f"{server.base_url}#m"]


def test_there_and_back_embeds_nothing_twice(folder: Path, server: OpenAIServer, seeds_library: Library) -> None:
    with opened(folder, server) as library:
        there = found(library)
    with Library(folder) as library:
        assert found(library) == found(seeds_library)
        assert library.embeddings.embedded == 0
    assert index_folders(folder) == ["minilm"]
    sent = len(papers_sent(server))
    with opened(folder, server) as library:
        assert found(library) == there
        assert library.embeddings.embedded == 0
    assert len(papers_sent(server)) == sent


def test_an_index_of_the_embedder_is_opened_as_it_is(folder: Path, server: OpenAIServer) -> None:
    with opened(folder, server) as library:
        library.search("diffusion")
    steps = Steps()
    with opened(folder, server, steps=steps) as library:
        library.search("diffusion")
    assert steps.seen == []


def test_a_library_from_before_there_were_embedders_is_one_of_minilm(folder: Path, server: OpenAIServer) -> None:
    with Library(folder) as library:
        library.search("diffusion")
    (folder / "index" / "embedder").unlink()
    (folder / "index" / _SEAL).write_text(json.dumps(_checksums(folder / "index")))

    steps = Steps()
    with Library(folder, on_progress=steps) as library:
        assert len(library.search("diffusion")) == 10
    assert steps.seen == []
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        wait_until(lambda: is_switched(library))


def test_new_papers_are_embedded_by_the_new_embedder(folder: Path, server: OpenAIServer) -> None:
    with opened(folder, server) as library:
        library.add([MORE])
        assert len(library.catalogue.passages()) == len(library.retriever.dense) == 229
        assert is_found(library, "Lamp more.txt 17")
    assert len(papers_sent(server)) == 229


def test_a_new_library_takes_any_embedder(tmp_path: Path, server: OpenAIServer) -> None:
    with opened(tmp_path / "library", server) as library:
        assert library.search("lamp") == []
        library.add([MORE])
        assert is_found(library, "Lamp more.txt 17")


@pytest.mark.parametrize("kind", ["seal", "file"])
def test_a_damaged_index_of_any_embedder_is_rebuilt_with_nothing_embedded(
    folder: Path, server: OpenAIServer, kind: str
) -> None:
    with opened(folder, server) as library:
        expected = found(library)
    (index,) = folder.glob("index*")
    (index / _SEAL).unlink() if kind == "seal" else (index / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 99)
    steps = Steps()
    with opened(folder, server, steps=steps) as library:
        assert found(library) == expected
        assert library.embeddings.embedded == 0
    assert steps.rebuilt


# -- in the background


def test_searches_never_fail_while_the_index_is_exchanged(folder: Path, server: OpenAIServer) -> None:
    server.embedding = Embedding(held_from=2)
    with Library(folder) as library:
        embed_beforehand(library.catalogue, MORE)
        library.add([MORE])
        former = [one.passage.passage_id for one in library.search("lamp colour3", top_k=5)]
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        assert not is_switched(library)
        over = threading.Event()
        answers: list[tuple[str, list[str]]] = []

        def search() -> None:
            while not over.is_set():
                before = library.embeddings.model.name
                ids = [one.passage.passage_id for one in library.search("lamp colour3", top_k=5)]
                if library.embeddings.model.name == before:
                    answers.append((before, ids))

        def end() -> None:
            try:
                wait_until(lambda: len(answers) > 3)
                server.embedding.go_on.set()
                wait_until(lambda: is_switched(library))
                former_answers = len(answers)
                wait_until(lambda: len(answers) > former_answers + 3)
            finally:
                over.set()

        assert run_together(search, search, end) == []
        latter = [one.passage.passage_id for one in library.search("lamp colour3", top_k=5)]
    assert latter != former
    assert {name for name, _ in answers} == {"minilm", f"{server.base_url}#m"}
    assert all(ids == (former if name == "minilm" else latter) for name, ids in answers)
    assert index_folders(folder) == [f"{server.base_url}#m"]


def test_papers_that_come_and_go_meanwhile_do_so_in_both(folder: Path, server: OpenAIServer) -> None:
    server.embedding = Embedding(held_from=2)
    with Library(folder) as library:
        embed_beforehand(library.catalogue, MORE)
        library.add([MORE])
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        wait_until(lambda: len(server.embedded) == 2)
        library.add([listing_of(40, name="others.txt")])
        # Read again with another date, a listing prints fewer papers: their passages go.
        library.add([replace(MORE, as_of=date(2024, 1, 1), entries=MORE.entries[:20])])
        assert not is_switched(library)
        assert is_found(library, "Lamp others.txt 7")
        server.embedding.go_on.set()
        wait_until(lambda: is_switched(library))

        indexed = {passage.passage_id for passage in library.catalogue.passages()}
        assert is_found(library, "Lamp others.txt 7")
        assert {one.passage.title for one in library.search("lamp more", top_k=300)}.isdisjoint({"Lamp more.txt 21"})
        assert len(library.retriever.dense) == len(library.retriever.lexical) == len(indexed)
        assert set(library.retriever.dense.closest("lamp", top_k=500)) == indexed
        # Nobody adds to the former index from here on: a killed process leaves none that looks whole.
        assert not is_sealed(folder / "index")
    assert is_sealed(next(folder.glob("index-*")))


def test_papers_that_come_at_the_very_exchange_are_in_the_new_index(folder: Path, server: OpenAIServer) -> None:
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        added = 0
        while not is_switched(library):
            library.add([listing_of(1, name=f"{added}.txt")])
            added += 1
            time.sleep(0.01)  # or the lock would never be given to the other thread
        assert len(library.catalogue.passages()) == 79 + added
        assert len(library.retriever.dense) == len(library.retriever.lexical) == 79 + added


def test_a_library_is_closed_in_the_middle_and_goes_on_from_there(folder: Path, server: OpenAIServer) -> None:
    server.embedding = Embedding(held_from=2)
    with Library(folder) as library:
        embed_beforehand(library.catalogue, MORE)
        library.add([MORE])
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        wait_until(lambda: len(server.embedded) == 2)
        server.embedding.go_on.set()
    sent = papers_sent(server)
    assert 0 < len(sent) < 229
    with Library(folder) as library:
        assert len(library.search("diffusion")) == 10  # with minilm, at once

    server.embedding = Embedding()
    with opened(folder, server, background=True) as library:
        library.search("diffusion")
        wait_until(lambda: is_switched(library))
        assert len(library.search("diffusion")) == 10
    assert len(papers_sent(server)) == len(set(papers_sent(server))) == 229


# -- killed

KILLED = """
import os, signal, sys
from pathlib import Path
from vectorstore.library import Library
from vectorstore.servers import Access

folder, name, when = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def die(step, done, total):
    if when == f"{step} {done}":
        os.kill(os.getpid(), signal.SIGKILL)

with Library(folder, embedder=name, access=Access(timeout_seconds=60), on_progress=die) as library:
    library.search("diffusion")
"""


@pytest.mark.parametrize("when", ["Embedding anew 0", "Embedding anew 128", "Embedding anew 229"])
def test_a_kill_in_the_middle_loses_nothing(folder: Path, server: OpenAIServer, when: str) -> None:
    with Library(folder) as library:
        embed_beforehand(library.catalogue, MORE)
        library.add([MORE])
        expected = found(library)
    arguments = [sys.executable, "-c", KILLED, str(folder), f"{server.base_url}#m", when]
    process = subprocess.run(arguments, cwd=ROOT, capture_output=True)
    assert process.returncode == -signal.SIGKILL, process.stderr.decode()
    half = Path(shutil.copytree(folder, folder.with_name("half")))

    steps = Steps()
    with Library(half, on_progress=steps) as library:  # the user thinks better of it
        assert found(library) == expected
    assert (steps.seen, index_folders(half)) == ([], ["minilm"])
    with opened(folder, server) as library:
        assert len(library.search("diffusion")) == 10
        assert len(library.retriever.dense) == 229
    assert len(papers_sent(server)) == len(set(papers_sent(server))) == 229


@pytest.mark.parametrize("chosen", ["minilm", "the new one"])
def test_a_kill_between_the_two_seals_leaves_one_index(folder: Path, server: OpenAIServer, chosen: str) -> None:
    both = folder.with_name("both")
    shutil.copytree(folder, both)
    with opened(folder, server) as library:
        library.search("diffusion")
    (new,) = folder.glob("index-*")
    shutil.copytree(new, both / new.name)

    name = "minilm" if chosen == "minilm" else f"{server.base_url}#m"
    steps = Steps()
    with Library(both, embedder=name, on_progress=steps) as library:
        assert len(library.search("diffusion")) == 10
    assert (steps.seen, index_folders(both)) == ([], [name])


def test_an_index_that_nobody_adds_to_is_not_kept(folder: Path, server: OpenAIServer) -> None:
    both = Path(shutil.copytree(folder, folder.with_name("both")))
    with opened(folder, server) as library:
        library.search("diffusion")
    shutil.copytree(next(folder.glob("index-*")), both / next(folder.glob("index-*")).name)

    with openai_server(embedding=Embedding(status=401)) as refusing, opened(both, refusing) as library:
        library.search("diffusion")  # one of the two answers, as the third fails
        answering = library.embeddings.model.name
        assert answering in ("minilm", f"{server.base_url}#m")
    assert set(index_folders(both)) == {answering, f"{refusing.base_url}#m"}


# -- failures


@pytest.mark.parametrize("background", [False, True])
def test_if_the_new_embedder_fails_the_old_one_answers_and_it_is_said(
    folder: Path, server: OpenAIServer, seeds_library: Library, background: bool, caplog: pytest.LogCaptureFixture
) -> None:
    server.embedding = Embedding(statuses=(200,), status=401)
    with opened(folder, server, background=background) as library:
        assert found(library) == found(seeds_library)
        wait_until(lambda: "cannot be embedded" in caplog.text)
        assert found(library) == found(seeds_library)
        library.add([listing_of(3)])
        assert len(library.search("lamp number2", top_k=3)) == 3
        assert not is_switched(library)
    name = f"{server.base_url}#m"
    assert f"cannot be embedded with {name}: The server at {server.base_url} refused the key" in caplog.text
    assert "minilm goes on answering" in caplog.text

    server.received.clear()
    server.embedding = Embedding()
    with opened(folder, server, background=background) as library:
        library.search("diffusion")
        wait_until(lambda: is_switched(library))
        assert is_found(library, "Lamp many.txt 2")
        assert len(library.retriever.dense) == len(library.catalogue.passages())
    assert len(papers_sent(server)) == len(library_texts(folder)) - 64  # one request had come through


def library_texts(folder: Path) -> list[str]:
    with Library(folder) as library:
        return [passage.embedded_text for passage in library.catalogue.passages()]


def test_without_a_former_index_a_failing_embedder_is_an_error_and_nothing_is_lost(
    tmp_path: Path, server: OpenAIServer
) -> None:
    server.embedding = Embedding(status=404)
    with opened(tmp_path / "library", server) as library:
        with pytest.raises(EmbeddingError, match="was not found"):
            library.add([MORE])
        assert len(library.papers()) == 150
        server.embedding = Embedding()
        assert is_found(library, "Lamp more.txt 17")


def test_a_former_embedder_that_is_gone_is_not_waited_for(folder: Path, server: OpenAIServer) -> None:
    with openai_server() as gone, opened(folder, gone) as library:
        library.search("diffusion")
    with opened(folder, server, background=True) as library:
        assert len(library.search("diffusion")) == 10
        assert library.embeddings.model.name == f"{server.base_url}#m"


# -- privacy


def remote_library(folder: Path, name: str) -> None:
    """Make the library one that a server elsewhere embedded."""
    with Library(folder) as library:
        passages = library.catalogue.passages()
        index = library._folder.index(name)
    shutil.rmtree(folder / "index")
    indexes = Indexes(index, RandomEmbeddings(), embedder=name)
    indexes.add_words(passages)
    indexes.add_vectors(passages)
    indexes.seal()
    indexes.close()


def test_a_former_embedder_elsewhere_gets_no_more_questions(
    folder: Path, seeds_library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    remote_library(folder, "https://host.example.org/v1#m")
    with Library(folder, in_background=True) as library:
        assert found(library) == found(seeds_library)
        assert (library.embeddings.model.name, library.embeddings.embedded) == ("minilm", 0)
    assert caplog.messages == [
        "The library was embedded with https://host.example.org/v1#m; it is embedded with minilm now."
    ]


def test_that_papers_leave_the_machine_is_said_before_they_do(
    folder: Path, server: OpenAIServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.INITIAL_RETRY_DELAY", 0.01)
    with Library(folder, embedder="http://host.invalid/v1#m") as library:
        assert len(library.search("diffusion")) == 10
    leaves, anew, failed = caplog.messages
    assert leaves == embedding_privacy("host.invalid")
    assert anew.startswith("The library was embedded with minilm")
    assert "http://host.invalid/v1 cannot be reached" in failed

    caplog.clear()
    with opened(folder, server) as library:
        library.search("diffusion")
    assert "are sent to" not in caplog.text


def test_the_command_line_says_it_beside_its_output(folder: Path) -> None:
    environment = {**os.environ, "ASSISTANT_EMBEDDER": "http://host.invalid/v1#m"}
    command = [sys.executable, "-m", "assistant", "search", "diffusion", "--json", "--library", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert len(json.loads(done.stdout)["results"]) == 10
    leaves, _, failed, *_ = done.stderr.splitlines()
    assert leaves == embedding_privacy("host.invalid")
    assert "minilm goes on answering" in failed
