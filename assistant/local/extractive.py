"""local:extractive, the embedded model: a LangChain chat model that needs no weights and sends nothing anywhere."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.local.composition import composed_answer
from assistant.text.evidence import read_evidence

_FORM = re.compile(r"^Form: (\w+)$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: (.*)", re.MULTILINE | re.DOTALL)


class ExtractiveChatModel(BaseChatModel):
    """Answers the same prompt as any other model, with sentences of its evidence in the third person.

    It reads three things of the last message: the evidence lines, "Form: ..." and "Question: ...". What a passage
    says is never followed, only quoted.
    """

    @property
    def _llm_type(self) -> str:
        return "local:extractive"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(_pieces(messages)).strip()
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in _pieces(messages):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


def _pieces(messages: Sequence[BaseMessage]) -> Iterator[str]:
    prompt = str(messages[-1].text) if messages else ""
    form, question = _FORM.findall(prompt), _QUESTION.findall(prompt)
    return composed_answer(
        question[0].strip() if question else prompt, form[0] if form else "fact", read_evidence(prompt)
    )
