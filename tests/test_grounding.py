"""Sentence and cited passages -> verdict, with the span that supports it."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking.grounding import grounded
from assistant.records import Verdict
from assistant.text.evidence import Evidence, numbered
from vectorstore.library import Library
from vectorstore.papers.passages import Passage

TEXT = (
    "Diffusion models stop early. We introduce Rainbow Padding, a simple remedy for early termination."
    " Experiments on LLaDA show that seven padding tokens improve accuracy by 12.5%. It costs 1,942 GPU hours."
)


def cited(text: str = TEXT, start: int = 0) -> dict[int, tuple[Evidence, Passage]]:
    evidence = Evidence(1, "Rainbow Padding", ("Bumjun Kim", "Albert No"), True, None, "2025-10-04", text)
    return {1: (evidence, Passage("p:0", "p", "Rainbow Padding", text, start, start + len(text)))}


def verdict(sentence: str) -> Verdict:
    return grounded(sentence, cited()).verdict


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Kim and No (2025) introduce Rainbow Padding, a simple remedy for early termination [1].", Verdict.SUPPORTED),
        ("Experiments show that seven padding tokens improve accuracy by 12.5% [1].", Verdict.SUPPORTED),
        ("Experiments show that seven padding tokens improve accuracy by 13.5% [1].", Verdict.CONTRADICTED),
        ("It costs 1942 GPU hours [1].", Verdict.SUPPORTED),
        ("It costs 1,943 GPU hours [1].", Verdict.CONTRADICTED),
        ("Seven padding tokens improve accuracy on LLaDA, robustness, speed and memory [1].", Verdict.QUOTED),
        ("Malaria is cured by quinine [1].", Verdict.UNSUPPORTED),
        ("Malaria is cured by padding tokens [1].", Verdict.QUOTED),
        ("Malaria wird durch Chinin geheilt, sagt man überall [1].", Verdict.QUOTED),
        ("It appeared on 4 October 2025 [1].", Verdict.COMPUTED),
        ("Rainbow Padding was published in October 2025 [1].", Verdict.COMPUTED),
        ("Rainbow Padding was published on October 5, 2025 [1].", Verdict.UNSUPPORTED),
        ("Rainbow Padding of 2025-10-04 is a simple remedy for early termination [1].", Verdict.SUPPORTED),
        ("2025-10-04 [1]", Verdict.COMPUTED),
        ("2025-10-05 [1]", Verdict.UNSUPPORTED),
        ("The authors report that [1].", Verdict.NOT_A_CLAIM),
        ("Kim and No (2025) [1].", Verdict.NOT_A_CLAIM),
    ],
)
def test_the_verdict_of_a_sentence(sentence: str, expected: Verdict) -> None:
    assert verdict(sentence) is expected


@pytest.mark.parametrize(
    ("sentence", "absent"),
    [
        ("The tested method needs only an RTX 5090 [1].", ""),
        ("It ranks among the top three of all [1].", ""),
        ("Eight bits are the most that they go up to [1].", ""),
        ("Scores reach 16.4% in the end [1].", ""),
        ("It takes up to 700 million tokens [1].", ""),
        ("Half of the runs were done once more [1].", ""),
        ("Three benchmarks show the tested method ahead [1].", ""),
        ("The tested method needs only an RTX 4090 [1].", "4090"),
        ("Scores reach 17.4% in the end [1].", "17.4%"),
        ("It takes up to 700 billion tokens [1].", "700 billion"),
        ("Nine runs were repeated in all [1].", "Nine"),
        ("The tested method needs only an H100 [1].", "H100"),
    ],
)
def test_a_number_or_name_is_absent_if_no_passage_has_it_in_any_spelling(sentence: str, absent: str) -> None:
    text = (
        "On one RTX5090 the tested method is top-3 on GLUE, MMLU and ARC. We quantize from 1 to 8 bits. Scores rise"
        " from 4.6% to 16.4%, with 350-700M tokens. Twelve runs were tried and 50% repeated."
    )
    found = grounded(sentence, cited(text))
    assert found.verdict is (Verdict.UNSUPPORTED if absent else Verdict.QUOTED)
    assert found.reason == (f"{absent} is not in the passage" if absent else "")


@pytest.mark.parametrize(
    ("sentence", "is_claim"),
    [
        ("The abstracts do not compare the two.", False),
        ("Taken together, these papers differ in scope.", False),
        ("It gives no figures for latency.", False),
        ("These papers report gains of 20%.", True),
        ("Rainbow Padding is fast.", True),
    ],
)
def test_what_is_said_of_the_papers_as_a_whole_or_of_gaps_is_no_claim(sentence: str, is_claim: bool) -> None:
    assert grounded(sentence, {}).verdict is (Verdict.UNSUPPORTED if is_claim else Verdict.NOT_A_CLAIM)


def test_a_claim_that_cites_nothing_is_unsupported() -> None:
    assert grounded("Rainbow Padding is a simple remedy.", {}).verdict is Verdict.UNSUPPORTED
    assert grounded("Rainbow Padding is a simple remedy.", {}).spans == {}


def test_the_span_is_the_sentence_that_says_it() -> None:
    span = grounded("Rainbow Padding is a simple remedy for early termination [1].", cited()).spans[1]
    assert TEXT[span.start : span.end].startswith("We introduce Rainbow Padding")
    assert TEXT[span.start : span.end].endswith("early termination.")


def test_two_neighbours_may_say_it_together() -> None:
    said = "Rainbow Padding, a remedy for early termination, improves accuracy by 12.5% with seven padding tokens [1]."
    span = grounded(said, cited()).spans[1]
    assert TEXT[span.start : span.end].startswith("We introduce")
    assert TEXT[span.start : span.end].endswith("12.5%.")


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("Quality is scored with seven metrics [1].", True),  # nine; seven are the methods
        ("Quality is scored with nine metrics [1].", False),
        ("Altogether seven approaches are compared [1].", False),  # of which the passage has no number
        ("The tests ran on nine tasks and two benchmarks [1].", True),
        ("The tests ran on two tasks and nine benchmarks [1].", False),
    ],
)
def test_a_number_that_counts_something_else_in_the_passage_is_marked(sentence: str, marked: bool) -> None:
    text = (
        "Seven unlearning methods are compared by nine quality metrics. Our experiments span two reasoning tasks and"
        " nine public benchmarks of varied difficulty."
    )
    assert (grounded(sentence, cited(text)).verdict in (Verdict.UNSUPPORTED, Verdict.CONTRADICTED)) is marked


def test_offsets_count_in_the_abstract_not_in_the_passage() -> None:
    before = "𝔸𝕀 🦄 An earlier passage. "
    span = grounded("It costs 1,942 GPU hours [1].", cited(start=len(before))).spans[1]
    assert (before + TEXT)[span.start : span.end] == "It costs 1,942 GPU hours."


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Seven padding tokens improve accuracy by 13.5% [1].", "13.5% is not in the passage"),
        ("Seven padding tokens degrade accuracy by 12.5% [1].", "the passage says “improve”"),
        ("Experiments on LLaDA show that seven padding tokens do not improve accuracy by 12.5% [1].", "says “improve”"),
        (
            "Experiments on Dream7B show that seven padding tokens improve accuracy by 12.5% [1].",
            "Dream7B is not in the passage",
        ),
        ("It is the best.", "cites nothing"),
    ],
)
def test_a_sentence_that_is_marked_has_a_reason(sentence: str, reason: str) -> None:
    found = grounded(sentence, cited() if "[1]" in sentence else {})
    assert found.verdict in (Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "supported", "changed"),
    [
        ("SNIP outperforms ZeroQ on GLUE.", "On GLUE, SNIP outperforms ZeroQ", "ZeroQ outperforms SNIP on GLUE"),
        ("ZeroQ is outperformed by SNIP.", "SNIP outperforms ZeroQ", "ZeroQ outperforms SNIP"),
        ("Pruning reduces FLOPs by 80%.", "Pruning reduces FLOPs by 80 percent", "Pruning raises FLOPs by 80%"),
        ("We use 7B models and 3 tasks.", "They use 7B models and three tasks", "They use 3B models and 7 tasks"),
        ("It trains 2x faster.", "It trains two times faster", "It trains 3x faster"),
        ("Training is stable without warmup.", "Training is stable without warmup", "Training is stable with warmup"),
        ("Large language models (LLMs) drift.", "LLMs drift", "GANs drift"),
        ("Recall drops, precision grows.", "Recall drops, precision grows", "Precision drops, recall grows"),
        ("Dropout has no effect on recall.", "Dropout has no effect on recall", "Dropout has an effect on recall"),
        ("The κ-VAE needs β-annealing.", "The kappa-VAE needs beta-annealing", "The kappa-VAE needs gamma-annealing"),
        ("Masking increases recall and decreases noise.", "Masking increases recall", "Masking increases noise"),
    ],
)  # fmt: skip
def test_what_a_passage_says_is_told_from_what_it_does_not(text: str, supported: str, changed: str) -> None:
    assert grounded(f"{supported} [1].", cited(text)).verdict is Verdict.SUPPORTED
    assert grounded(f"{changed} [1].", cited(text)).verdict is not Verdict.SUPPORTED


ACRONYMS = (
    "In chronic obstructive lung disease (COPD), RORG drives castration-resistant prostate cancer (CRPC) in mice."
)


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("RORG drives CRPC [1].", True),
        ("RORG drives castration-resistant prostate cancer (CRPC) [1].", True),
        ("RORG drives castration-resistant prostate cancer (COPD) [1].", False),
        ("RORG drives prostate cancer that is castration-resistant (COPD) [1].", False),
        ("COPD drives prostate cancer [1].", False),
    ],
)
def test_an_acronym_in_brackets_belongs_to_the_words_before_it(sentence: str, supported: bool) -> None:
    assert (grounded(sentence, cited(ACRONYMS)).verdict is Verdict.SUPPORTED) is supported


def test_a_passage_that_only_asks_supports_nothing() -> None:
    asks = cited("We ask whether padding improves recall.")
    assert grounded("Padding improves recall [1].", asks).verdict is Verdict.QUOTED


def two_papers() -> dict[int, tuple[Evidence, Passage]]:
    texts = {1: "We propose SNIP, which outperforms LLaDA on GLUE.", 2: "We propose LLaDA, a diffusion model."}
    names = {1: ("Ann Kim",), 2: ("Bo Lee",)}
    titles = {1: "SNIP: Pruning", 2: "LLaDA: Diffusion"}
    return {
        n: (
            Evidence(n, titles[n], names[n], True, None, "2025-01-01", texts[n]),
            Passage(f"p{n}:0", f"p{n}", titles[n], texts[n], 0, len(texts[n])),
        )
        for n in (1, 2)
    }


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("Kim (2025) outperforms Lee (2025) on GLUE [1][2].", True),
        ("Lee (2025) outperforms Kim (2025) on GLUE [1][2].", False),
        ("Lee (2025) is outperformed by Kim (2025) on GLUE [1][2].", True),
        ("Kim (2025) proposes LLaDA, a diffusion model [1][2].", False),
        ("Lee (2025) proposes LLaDA, a diffusion model [1][2].", True),
        ("LLaDA outperforms SNIP on GLUE [1][2].", False),
    ],
)
def test_who_did_it_to_whom_counts_where_two_papers_are_cited(sentence: str, supported: bool) -> None:
    assert (grounded(sentence, two_papers()).verdict is Verdict.SUPPORTED) is supported


@given(st.text(max_size=100), st.text(max_size=200), st.integers(0, 50))
def test_a_span_always_lies_in_its_passage(sentence: str, text: str, start: int) -> None:
    found = grounded(sentence, cited(text, start))
    for span in found.spans.values():
        assert (span.start, span.end) == (0, 0) or start <= span.start <= span.end <= start + len(text)


WORDS = st.sampled_from("padding training accuracy entropy router gradient token kernel prompt encoder".split())
VERBS = st.sampled_from("improves reduces predicts encodes follows".split())


@st.composite
def abstracts(draw: st.DrawFn) -> list[str]:
    """Return sentences like "Router entropy improves kernel by 37% on 12 tasks." with numbers all different."""
    numbers = draw(st.lists(st.integers(21, 998), min_size=6, max_size=6, unique=True))
    return [
        f"{draw(WORDS).capitalize()} {draw(WORDS)} {draw(VERBS)} {draw(WORDS)} by {first}% on {second} tasks."
        for first, second in zip(numbers[::2], numbers[1::2], strict=True)
    ]


@given(abstracts(), st.integers(0, 2), st.integers(1000, 2000))
def test_a_verbatim_sentence_is_supported_and_not_with_another_number(
    sentences: list[str], place: int, number: int
) -> None:
    evidence = cited(" ".join(sentences))
    said = sentences[place]
    found = grounded(f"{said[:-1]} [1].", evidence)
    assert found.verdict is Verdict.SUPPORTED
    assert evidence[1][1].text[found.spans[1].start : found.spans[1].end] == said
    changed = re.sub(r"\d+", str(number), said[:-1], count=1)
    assert grounded(f"{changed} [1].", evidence).verdict is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    "sentence",
    [
        "填充提高了准确率 12.5% [1]。",
        "الحشو يحسن الدقة [1].",
        "Заполнение улучшает точность [1].",
        "🦄🦄 [1].",
        "— — [1]",
        "[1]",
    ],
)
@pytest.mark.parametrize("text", [TEXT, "", "12 34 56.", "!!! ??? ...", "填充提高了准确率。", "\n\n"])
def test_another_script_or_none_is_never_supported(sentence: str, text: str) -> None:
    if text not in sentence:
        assert grounded(sentence, cited(text)).verdict in (Verdict.UNSUPPORTED, Verdict.QUOTED, Verdict.NOT_A_CLAIM)


@pytest.mark.parametrize("part", ["padding ", "a", "12.5% ", "not ", "A-", "IL-2 (", "improves “", "(", ", ", "$x"])
def test_an_endless_sentence_or_passage_takes_no_time(part: str) -> None:
    endless = part * (100_000 // len(part))
    start = time.perf_counter()
    assert grounded(f"{endless} [1].", cited()).verdict is not Verdict.SUPPORTED
    grounded("Seven padding tokens improve accuracy by 12.5% [1].", cited(endless))
    assert time.perf_counter() - start < 5


SEED_CLAIMS = {
    "SNIP: An Adaptive": (
        (
            "Existing baselines consistently outperform SNIP.",
            "SNIP is outperformed by existing baselines.",
            "Baselines preserve model quality better than SNIP.",
            "SNIP applies uniform precision to all GEMM operations.",
            "SNIP relies on heuristic-based methods.",
            "SNIP reduces FLOPs by 80%.",
            "Weight divergence is measured in the forward pass and loss divergence in the backward pass.",
        ),
        ("SNIP was tested on Llama-like models with 1B to 70B parameters.", "SNIP reduces FLOPs by up to 80%."),
    ),
    "Sharpness-Aware Training": (
        (
            "SAF incurs a two-fold computational overhead.",
            "SAM mitigates the sharp landscape at almost zero additional cost.",
        ),
        (),
    ),
    "DeBERTaV3": (
        ("DeBERTaV3 replaces replaced token detection with mask language modeling.",),
        (
            "DeBERTaV3 swaps masked language modeling for replaced token detection.",
            "DeBERTaV3 Large scores 91.37% on average on GLUE, 1.91% above ELECTRA.",
        ),
    ),
    "MoMa": (
        ("MoMa saves 5.2x FLOPs for text and 2.6x for images.",),
        ("MoMa splits experts into groups for images and for text, with learned routing inside each group.",),
    ),
    "EfficientAD": (
        (
            "EfficientAD has a latency of six hundred milliseconds and a throughput of two images per second.",
            "EfficientAD was evaluated on three datasets.",
            "A teacher network is trained to predict the extracted features of the student.",
            "The student hinders the teacher from imitating it.",
            "The autoencoder fails to predict the features of the teacher.",
        ),
        (),
    ),
    "Gecko": (
        ("Gecko reaches a training loss of 1.70.",),
        ("Gecko's training loss of 1.68 is below that of Llama2-7B (1.75) and Megalodon-7B (1.70).",),
    ),
    "DUSK": (
        (
            "DUSK assumes that forget and retain sets are fully disjoint.",
            "DUSK is an unlearning method.",
            "DUSK removes forget data while preserving the retain set.",
            "An ideal method should remove shared facts while preserving unique content.",
        ),
        (),
    ),
    "Rainbow Padding": (
        (
            "Rainbow Padding replaces distinct padding tokens with repeated <eos> placeholders.",
            "Early termination triggers <eos> dominance.",
            "Padding is caused by early termination.",
            "Autoregressive models are a promising alternative to diffusion large language models.",
            "Instruction-tuned autoregressive models exhibit <eos> overflow.",
            "Kim et al. (2024) propose Rainbow Padding.",
            "Kim et al. (2025) is the best paper.",
        ),
        ("Seven padding tokens are enough to prevent early termination.", "Kim et al. (2025) propose Rainbow Padding."),
    ),
    "Group Distributionally": (
        (
            "GRPO achieves average relative gains of +10.6% over Prompt-GDRO.",
            "GDRO wastes compute on already-solved patterns.",
            "Prompt-GDRO uses a shadow-price controller to reallocate rollouts.",
        ),
        (),
    ),
    "Pretraining Large Language Models with NVFP4": (
        (
            "Stochastic rounding bounds block-level outliers and random Hadamard transforms give unbiased gradient"
            " estimates.",
        ),
        ("NVIDIA (2025) trained a 12B-parameter model on 10 trillion tokens.",),
    ),
}


def seed(library: Library, title: str) -> dict[int, tuple[Evidence, Passage]]:
    paper = next(paper for paper in library.papers() if paper.title.startswith(title))
    passage = Passage("p:0", "p", paper.title, paper.abstract, 0, len(paper.abstract))
    return {1: (numbered(1, passage, paper), passage)}


@pytest.mark.parametrize("title", SEED_CLAIMS)
def test_what_an_abstract_of_the_seeds_says_is_told_from_what_it_does_not(seeds_library: Library, title: str) -> None:
    wrong, right = SEED_CLAIMS[title]
    source = seed(seeds_library, title)
    supported = [said for said in wrong if grounded(f"{said[:-1]} [1].", source).verdict is Verdict.SUPPORTED]
    refused = [said for said in right if grounded(f"{said[:-1]} [1].", source).verdict is Verdict.UNSUPPORTED]
    assert (supported, refused) == ([], [])


WORK = (
    "Earlier routers drop tokens and rely on fixed thresholds. We propose Tern, a router that swaps dense layers for"
    " sparse ones. Tern clearly outperforms strong dense models on QuillBench, cutting memory by up to 40% and time"
    " by 15%. A critic network guides a small sampler. We test three speech corpus collections at 2B, 5B and 9B."
)


def tern() -> dict[int, tuple[Evidence, Passage]]:
    evidence = Evidence(1, "Tern: Routing", ("Ann Kim",), True, "Marsh Lab", "2025-03-01", WORK)
    return {1: (evidence, Passage("t:0", "t", "Tern: Routing", WORK, 0, len(WORK)))}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Tern outperforms strong dense models on QuillBench", Verdict.SUPPORTED),
        ("On QuillBench, Tern outperforms strong dense models", Verdict.SUPPORTED),
        ("Strong dense models are outperformed by Tern on QuillBench", Verdict.SUPPORTED),
        ("Strong dense models outperform Tern on QuillBench", Verdict.QUOTED),
        ("Tern is outperformed by strong dense models on QuillBench", Verdict.QUOTED),
        ("A small sampler guides a critic network", Verdict.QUOTED),
        ("A small sampler is guided by a critic network", Verdict.SUPPORTED),
        ("Tern drops tokens and relies on fixed thresholds", Verdict.QUOTED),
        ("Tern swaps sparse layers for dense ones", Verdict.CONTRADICTED),
        ("Tern cuts memory by up to 40%", Verdict.SUPPORTED),
        ("Tern cuts memory by 40%", Verdict.QUOTED),
        ("Tern cuts memory by up to 15%", Verdict.QUOTED),
        ("Tern was tested on three speech corpora", Verdict.QUOTED),
        ("Kim (2024) proposes Tern", Verdict.CONTRADICTED),
        ("Kim (2025) proposes Tern", Verdict.SUPPORTED),
        ("Marsh Lab (2025) proposes Tern, a router", Verdict.SUPPORTED),
        ("Marsh Lab (2023) proposes Tern, a router", Verdict.CONTRADICTED),
        ("The abstract does not give the batch size", Verdict.NOT_A_CLAIM),
        ("The critic network does not give guidance", Verdict.QUOTED),
    ],
)
def test_who_does_what_and_by_how_much_counts(sentence: str, expected: Verdict) -> None:
    assert grounded(f"{sentence} [1].", tern()).verdict is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("SNIP outperforms LLaDA on GLUE [1], whereas LLaDA is a diffusion model [2].", Verdict.SUPPORTED),
        ("SNIP outperforms LLaDA on GLUE [2], whereas LLaDA is a diffusion model [1].", Verdict.UNSUPPORTED),
        ("LLaDA is a diffusion model [2], but SNIP outperforms GPT-4 on GLUE [1].", Verdict.UNSUPPORTED),
    ],
)
def test_each_half_of_a_sentence_rests_on_the_paper_that_it_cites(sentence: str, expected: Verdict) -> None:
    found = grounded(sentence, two_papers())
    assert (found.verdict, set(found.spans)) == (expected, {1, 2})
