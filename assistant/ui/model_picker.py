"""Which model answers, and what that means for the reader's words and for the reader's time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from assistant.answering.judge import judge_of
from assistant.html.sanitizing import cleaned, escaped
from assistant.models.providers import LOCAL, ModelChoice, model_choice
from assistant.settings import Settings
from assistant.ui import labels
from vectorstore.embedders.embeddings import embedding_privacy
from vectorstore.errors import AssistantError
from vectorstore.servers import served_model

Keys = Mapping[str, SecretStr]  # that a visitor typed, by the origin of the server that each was typed for
WITH_KEYS = (labels.OPENAI, labels.OTHER_MODEL)
KINDS = (labels.LOCAL_MODEL, labels.OLLAMA, labels.OPENAI, labels.OTHER_MODEL)
_PREFIXES = {labels.OLLAMA: "ollama:", labels.OPENAI: "openai:"}
HINTS = {
    labels.OLLAMA: labels.OLLAMA_HINT,
    labels.OPENAI: labels.OPENAI_HINT,
    labels.OTHER_MODEL: labels.MODEL_HINT,
}


@dataclass(frozen=True, slots=True)
class Pick:
    """A model as a visitor of the page picked it."""

    name: str
    keys: Keys = field(default_factory=dict)

    def choice(self, settings: Settings) -> ModelChoice:
        """Return the model. Raises ModelError if it is none, or its server is not the page's to ask."""
        return model_choice(self.name, settings, access=settings.visitors_access(self.keys))


@dataclass(frozen=True, slots=True)
class Privacy:
    """What the picker says: a line for the header, sentences below it, and the colour of both."""

    line: str
    sentence: str  # where the reader's words go
    kind: str  # "local", "remote", "wrong"
    speed: str = ""  # how long an answer takes, and what it needs

    @property
    def html(self) -> str:
        speed = f'<p class="quiet">{escaped(self.speed)}</p>' if self.speed else ""
        return cleaned(f'<p class="privacy {self.kind}" role="status">{escaped(self.sentence)}</p>{speed}')


def picked_model(kind: str, name: str) -> str:
    """Return the name of the model that the picker shows; nothing typed yet is the local one."""
    typed, prefix = name.strip(), _PREFIXES.get(kind, "")
    if kind == labels.LOCAL_MODEL or not typed:
        return LOCAL
    return typed if typed.startswith(prefix) else prefix + typed


def picked(kind: str, typed: str, keys: Keys | None = None) -> Pick:
    """Return the model that the picker shows, with a visitor's keys."""
    return Pick(picked_model(kind, typed), keys or {})


def pick_of(model: str) -> tuple[str, str]:
    """Return what the picker shows for a model of this name."""
    if model == LOCAL:
        return labels.LOCAL_MODEL, ""
    kinds = (kind for kind, prefix in _PREFIXES.items() if model.startswith(prefix))
    kind = next(kinds, labels.OTHER_MODEL)
    return kind, model.removeprefix(_PREFIXES.get(kind, ""))


def privacy(
    kind: str, name: str, settings: Settings, keys: Keys | None = None, *, failing: Collection[str] = ()
) -> Privacy:
    """Return what leaves the machine with a choice, and what it costs in time; `failing` are the names of models that
    did not answer when they were asked last."""
    picked = picked_model(kind, name)
    try:
        choice = Pick(picked, keys or {}).choice(settings)
        judge = judge_of(choice, settings)
    except AssistantError as error:
        return Privacy(f"{picked[:40]} · {labels.NO_SUCH_MODEL}", str(error), "wrong")
    shown = labels.LOCAL_MODEL if picked == LOCAL else (choice.model or picked)[:40]
    said = {choice.host: choice.privacy} if choice.host else {}
    embedder = served_model(settings.embedder, settings.access)
    if embedder and embedder.host:
        said[embedder.host] = " ".join([*said.values(), embedding_privacy(embedder.host)])
    if judge and judge.host and judge.host not in said:
        said[judge.host] = " ".join([*list(said.values())[-1:], labels.JUDGED_BY.format(judge.host)])
    missing = kind != labels.LOCAL_MODEL and picked == LOCAL
    speed = labels.MODEL_MISSING if missing else _speed(choice)
    if picked in failing:
        where = list(said.values())[-1] if said else choice.privacy
        return Privacy(f"{shown} · {labels.MODEL_FAILED}", where, "wrong", speed)
    if said:
        return Privacy(f"{shown} · sends to {' and '.join(said)}", list(said.values())[-1], "remote", speed)
    return Privacy(f"{shown} · {labels.STAYS_HERE}", choice.privacy, "local", speed)


def _speed(choice: ModelChoice) -> str:
    if choice.is_extractive:
        return labels.SPEED_LOCAL
    if choice.base_url and choice.key is None:
        return f"{labels.SPEED_REMOTE} {labels.KEY_MISSING}"
    return labels.SPEED_REMOTE if choice.host else labels.SPEED_SERVER
