"""The order of the modules: each imports only what stands before it in the data's way."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the file to the answer. A module may import those named before it.
PLACES = """
vectorstore: errors pinned_connections servers text authors listings papers catalogue embedders folder listing_files
    search recovery library
assistant: settings prompts
assistant.text: plain_text words blocks readable markdown_stream inert wording evidence acronyms fences markers
    marker_quotes citations marker_filter edits columns formulas latex clauses
    roles rewriting abstract_sentences theme_words key_terms
assistant.planning: plan people decisions_asked chips dates misspelt vocabulary topics intents mentions finders
    named_filters kinds form operands parts references part by_intent continuing operation local topic_named
assistant: records stopwatch
assistant.facts: catalogue_answers papers_json replies telling_terms two_people authors author_record author_text
    author_plots who_is_who theme_names map_places library_map map_plots
assistant.checking: polarity quantities naming alignment comparing directions number_doubts word_order doubts subjects
    claims absent grounding quoting judging checked
assistant.models: background weights llama served_chat choices packing declining serving model_events thinking channels
    wrapping reply_filter listening generation trial
assistant.planning: by_model
assistant.searching: relevance chance nearness spelled_out topic_papers
assistant.manuscripts: textual_citations renderings identifiers bib_format bibliography bibliography_formats themes
    readability standing_alone told_evidence plain_sentences tellings telling_choices leads told_so_far prose references
    drafts related_papers sections section_writing aspects literature_table this_work paragraph_by_model whole_sections
    author_summary paragraphs_anew related_work kept_sections desk word
assistant.operations: results papers library facts reading sections talk limits table
assistant: tools
assistant.writing: reading comparison selection composer surveys draft prompting refusals by_model writer
assistant.answering: verdict_words answer_json answer_markdown answer_latex answer_bibtex conflicts judge
assistant.proofreading: cited_text marked_inline latex_source latex_draft markdown_draft docx_draft bib_file draft_file
    library_match clauses own_words reports draft_check report_text
assistant: pipeline
assistant.ui: markup mathematics markdown
assistant.conversations: limits records tables rows history exports html_export
assistant.proofreading: report_html
assistant.online: wire services fetching agreement enriching
assistant: wiring ui
assistant.evaluation: intervals data_lines collection_files ranking_measures retrieval_evaluation gold_questions
    answer_measures risk_coverage answer_evaluation risk_picture
assistant.commands: terminal section_text answers_table evaluate_cli author_cli related_cli check_cli
    care_cli enrich_cli batch serve_cli cli
assistant: __main__
"""


def order() -> list[str]:
    found: list[str] = []
    for word in PLACES.split():
        if word.endswith(":"):
            package = word[:-1]
        else:
            found.append(f"{package}.{word}")
    return found


ORDER = order()


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
    if f"{module}:" in PLACES.split():
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

    assert importers == {"vectorstore.search.dense"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {name_of(path) for path in modules() if "os.environ" in path.read_text(encoding="utf-8")}

    # minilm writes one variable, which silences ONNX Runtime's telemetry; risk_picture one that says where matplotlib
    # keeps its cache; serve_cli one that says where Gradio keeps uploads.
    writers = {"vectorstore.embedders.minilm", "assistant.evaluation.risk_picture", "assistant.commands.serve_cli"}
    assert readers <= {"assistant.settings", *writers}
