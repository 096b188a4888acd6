"""The sentences of an abstract -> the one that states the problem, the method, the result, the data or the code.

None rather than one that may say something else: a table of wrong cells is worse than one with gaps.
"""

import re
from collections.abc import Sequence

from assistant.text.abstract_sentences import AbstractSentence, by_contribution
from assistant.text.sentence_roles import Role, claims, contributes, is_own, presents, reports_result
from assistant.text.third_person import leans_on_context

Sentences = Sequence[AbstractSentence]

_OWN = (Role.METHOD, Role.RESULT)  # what stands in front of these is said of others
_BUT = re.compile(r"(?:^|\b)(?:however|yet|nevertheless|unfortunately|despite|although|though|but|while)\b", re.I)
_TURNS = ("however", "yet", "nevertheless", "unfortunately")  # in front of a sentence
_OBSTACLE = re.compile(
    r"\b(?:challeng|limit(?:s|ed|ations?)\b|suffer|lack|vulnerab|fail|bottleneck|difficult|issues?\b|costly|expensive"
    r"|unclear|unknown|overlook|insufficient|(?:un|under)explored|poor|hinder|neglect|degrad|inefficien|scarc|instabil"
    r"|not (?:yet |been |fully |well )*(?:investigated|studied|understood|explored)"
    r"|risk|concern|impractical|prohibitive|suboptimal|prone to|struggl|drawback|imped|harm|overhead|burden|question"
    r"|(?:a|this|key|main|major|open|challenging) problem\b|the problem (?:of|that)\b)",
    re.I,
)
_PRAISE = re.compile(
    r"\b(?:enabled|remarkabl\w*|success\w*|milestone|unlock\w*|widely (?:used|adopted)|promising|impressive)\b", re.I
)
_PURPOSE = re.compile(
    r"\b(?:to|for) (?:\w+ly )?(?:further )?(?:improv|reduc|achiev|boost|accelerat|reach|enhanc)\w*", re.I
)
_MEASURED = re.compile(
    r"\b(?:experiment\w*|empirical\w*|results?|evaluations?|outperform\w*|surpass\w*|demonstrat\w*|show\w*|prove[sn]?"
    r"|reveal\w*|f(?:ind|ound)\b|improv\w*|achiev\w*|reduc\w*|attain\w*|outpac\w*|yield\w*)\b",
    re.I,
)
_SAYS_LITTLE = re.compile(
    r"\b(?:achiev\w+|do(?:es)?) this by\b|\bexperiments? (?:is|are|were) conducted\b|\bpresent experiments\b"
    r"|\b(?:validat|verif|corroborat|support)\w* (?:these|this|our|the) ",
    re.I,
)
_CONCLUDES = re.compile(r"^(?:Overall|In summary|Together)\b|\b(?:underscor|highlight)\w*", re.I)
_EXPERIMENTS = re.compile(
    r"(?:\w+ly, |\w+ )*(?:experiment\w*|results?|evaluations?|empirical\w*|we (?:show|demonstrate|prove))\b", re.I
)
_DATA = re.compile(
    r"\b(?:[Dd]ata ?sets?|[Cc]orpus|[Cc]orpora)\b(?![ -](?:sizes?|condensation|distillation|pruning|augmentation)\b)"
    r"|\b[Bb]enchmarks?\b"
    r"|\b(?:trained|fine-tuned|evaluated?|evaluations?|tested|[Ee]xperiments?|[Rr]esults) on (?:the |a )?"
    r"(?P<name>[A-Z0-9]\S*)"
)
_THEORY = re.compile(r"\b(?:we|theoretically) prove\b", re.I)
# Families of models: what they are tested on is not data.
_MODEL = re.compile(
    r"(?:LL[aA]MA|Llama|LLaDA|Dream|Mistral|Mixtral|Qwen|Gemma|GPT|OPT|Pythia|Phi|Vicuna|DeepSeek|BERT|RoBERTa"
    r"|DeBERTa|T5|ViT|DeiT|Swin|ResNet|CLIP|Stable|SDXL|LLMs?|VLMs?|CNNs?|Transformers?)|.*\d[BM]\b"
)
_CODE = re.compile(
    r"https?://|\b[Cc]ode\b.{0,80}\b(?:available|releas|public|open)|\b(?:[Rr]elease|[Oo]pen-source)\w*\b.{0,80}\bcode\b",
    re.DOTALL,
)


def problem(sentences: Sentences) -> AbstractSentence | None:
    """Return the sentence that says what is hard, lacking or unknown before the paper."""
    return min(
        (one for one in sentences if one.role is Role.PROBLEM and _states_obstacle(one.text)),
        key=lambda one: (leans_on_context(one.text), not _BUT.match(one.text), one.position),
        default=None,
    )


def method(sentences: Sentences) -> AbstractSentence | None:
    """Return the sentence that says what the authors made or did."""
    told = (one for one in sentences if one.role is Role.METHOD and (presents(one.text) or _does(one.text)))
    return next(iter(by_contribution(told)), None)


def result(sentences: Sentences) -> AbstractSentence | None:
    """Return the sentence that says what came out of it, one that tells of experiments or has a figure first."""
    return min(
        (one for one in sentences if one.role is Role.RESULT and _states_result(one.text)),
        key=lambda one: (
            leans_on_context(one.text),
            not (_EXPERIMENTS.match(one.text) or one.has_figure),
            not reports_result(one.text),
            not one.has_figure,
            one.position,
        ),
        default=None,
    )


def data(sentences: Sentences) -> AbstractSentence | None:
    """Return the sentence that names or describes the data used or made, of the authors' own part."""
    return next((one for one in sentences if one.role in _OWN and _names_data(one.text)), None)


def code(sentences: Sentences) -> AbstractSentence | None:
    """Return the sentence that says where code is."""
    return next((one for one in sentences if _CODE.search(one.text)), None)


def _does(text: str) -> bool:
    return is_own(text) and not _CONCLUDES.search(text)


def _states_obstacle(text: str) -> bool:
    contrary = _BUT.search(text)
    if contrary and contrary.start() == 0 and contrary.group().lower() in _TURNS:
        return True
    return bool(_OBSTACLE.search(text)) and (bool(contrary) or not _PRAISE.search(text))


def _states_result(text: str) -> bool:
    if _SAYS_LITTLE.search(text) or (contributes(text) and not claims(text)):
        return False
    return bool(_MEASURED.search(_PURPOSE.sub("", text)))


def _names_data(text: str) -> bool:
    found = any(not (match["name"] and _MODEL.match(match["name"])) for match in _DATA.finditer(text))
    return found and not _THEORY.search(text)
