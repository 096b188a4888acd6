"""Which model answers, and what that means for the reader's words."""

from dataclasses import dataclass

from assistant.models.choices import LOCAL, model_choice
from assistant.settings import Settings
from assistant.ui import labels
from assistant.ui.markup import cleaned, escaped
from vectorstore.embeddings import embedding_privacy
from vectorstore.errors import AssistantError
from vectorstore.servers import served_model


@dataclass(frozen=True, slots=True)
class Privacy:
    """What the picker says: a line for the header, a sentence below it, and the colour of both."""

    line: str
    sentence: str
    kind: str  # "local", "remote", "wrong"

    @property
    def html(self) -> str:
        return cleaned(f'<p class="privacy {self.kind}" role="status">{escaped(self.sentence)}</p>')


def picked_model(kind: str, name: str) -> str:
    """Return the name of the model that the picker shows; nothing typed yet is the local one."""
    return name.strip() if kind == labels.OTHER_MODEL and name.strip() else LOCAL


def first_pick(settings: Settings) -> tuple[str, str]:
    """Return what the picker shows at first: the model of the settings."""
    return (labels.LOCAL_MODEL, "") if settings.model == LOCAL else (labels.OTHER_MODEL, settings.model)


def privacy(kind: str, name: str, settings: Settings) -> Privacy:
    """Return what leaves the machine with a choice."""
    picked = picked_model(kind, name)
    try:
        choice = model_choice(picked, settings)
    except AssistantError as error:
        return Privacy(f"{picked[:40]} · {labels.NO_SUCH_MODEL}", str(error), "wrong")
    shown = labels.LOCAL_MODEL if picked == LOCAL else (choice.model or picked)[:40]
    said = {choice.host: choice.privacy} if choice.host else {}
    embedder = served_model(settings.embedder, settings.access)
    if embedder and embedder.host:
        said[embedder.host] = " ".join([*said.values(), embedding_privacy(embedder.host)])
    if said:
        return Privacy(f"{shown} · sends to {' and '.join(said)}", list(said.values())[-1], "remote")
    sentence = labels.MODEL_MISSING if kind == labels.OTHER_MODEL and picked == LOCAL else choice.privacy
    return Privacy(f"{shown} · {labels.STAYS_HERE}", sentence, "local")
