"""The order of the modules: each imports only what stands before it in the data's way."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the file to the answer. A module may import those of earlier lines, and of its own line those before it.
ORDER = """
vectorstore.errors vectorstore.servers
vectorstore.names vectorstore.titles
vectorstore.listings.entry vectorstore.listings
vectorstore.papers vectorstore.conflicts
vectorstore.sentences vectorstore.coined_names vectorstore.tokens vectorstore.passages
vectorstore.tables vectorstore.citation_keys vectorstore.decisions vectorstore.namesakes
vectorstore.filters vectorstore.merging vectorstore.catalogue
vectorstore.lexical
vectorstore.minilm vectorstore.word_vectors vectorstore.served_embeddings vectorstore.fastembed_models
vectorstore.embeddings
vectorstore.vectors vectorstore.dense vectorstore.indexes
vectorstore.ranking vectorstore.chosen vectorstore.retriever vectorstore.rerankers
vectorstore.folder vectorstore.current_indexes vectorstore.library
assistant.settings assistant.prompts
assistant.plain_text assistant.words assistant.things_asked
assistant.blocks assistant.readable assistant.markdown_stream assistant.inert assistant.wording assistant.polarity
assistant.quantities
assistant.naming assistant.alignment assistant.comparing assistant.directions assistant.number_doubts
assistant.word_order
assistant.doubts assistant.evidence
assistant.acronyms
assistant.chips assistant.query assistant.dates assistant.people assistant.misspelt assistant.vocabulary
assistant.intents assistant.mentions assistant.finders assistant.topics assistant.named_filters
assistant.followups assistant.question
assistant.rewriting
assistant.roles assistant.subjects assistant.abstract_sentences assistant.answerable assistant.selection
assistant.comparison
assistant.composition assistant.extractive
assistant.background assistant.served_chat
assistant.models
assistant.fences
assistant.records assistant.markers assistant.marker_filter assistant.citations assistant.columns
assistant.meaning assistant.claims
assistant.grounding
assistant.latex assistant.manuscript
assistant.relevance assistant.bibliography assistant.catalogue_answers assistant.papers_json
assistant.premises
assistant.packing assistant.declining
assistant.evidence_search assistant.replies assistant.abstention assistant.edits
assistant.checking
assistant.stopwatch
assistant.serving assistant.model_events assistant.thinking assistant.listening assistant.generation
assistant.topic_papers
assistant.lists assistant.writing
assistant.two_people assistant.authors assistant.author_record assistant.author_text assistant.author_plots
assistant.verdict_words assistant.answer_markdown
assistant.statements assistant.opposition assistant.disagreement assistant.conflicts
assistant.key_terms assistant.themes assistant.clauses assistant.readability assistant.tellings
assistant.telling_choices assistant.prose
assistant.references assistant.drafts assistant.related_papers assistant.sections assistant.section_writing
assistant.literature_table
assistant.this_work assistant.paragraph_by_model assistant.whole_sections
assistant.author_summary assistant.paragraphs_anew
assistant.related_work assistant.section_replies assistant.manuscripts
assistant.answer
assistant.wiring
assistant.ui
assistant.intervals assistant.data_lines
assistant.collection_files assistant.ranking_measures assistant.retrieval_evaluation
assistant.gold_questions assistant.answer_measures assistant.risk_coverage assistant.answer_evaluation
assistant.risk_picture
assistant.terminal assistant.answers_table assistant.evaluate_cli assistant.author_cli assistant.related_cli
assistant.cli assistant.__main__
app
""".split()


def modules() -> list[Path]:
    return [path for package in ("vectorstore", "assistant") for path in sorted((ROOT / package).rglob("*.py"))]


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def place_of(module: str) -> int | None:
    """Return where a module stands; one inside a package that is listed as a whole stands where the package does."""
    listed = [name for name in ORDER if module == name or module.startswith(name + ".")]
    return ORDER.index(max(listed, key=len)) if listed else None


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.split(".")[0] in ("vectorstore", "assistant")}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_what_stands_before_it(path: Path) -> None:
    module = name_of(path)
    if module in ("vectorstore", "assistant"):
        return
    place = place_of(module)
    assert place is not None, f"{module} has no place in ORDER"
    for imported in imported_by(path):
        other = place_of(imported)
        assert other is None or other <= place, f"{module} imports {imported}, which stands after it"


def test_chroma_is_known_to_one_module() -> None:
    importers = {
        name_of(path)
        for path in modules()
        if re.search(r"^\s*(?:from|import) (?:chromadb|langchain_chroma)", path.read_text(encoding="utf-8"), re.M)
    }

    assert importers == {"vectorstore.dense"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {name_of(path) for path in modules() if "os.environ" in path.read_text(encoding="utf-8")}

    # minilm writes one variable, which silences ONNX Runtime's telemetry; risk_picture one that says where matplotlib
    # keeps its cache.
    assert readers <= {"assistant.settings", "vectorstore.minilm", "assistant.risk_picture"}
