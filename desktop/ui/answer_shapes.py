"""Joins the transcript with what answers are besides words: tables, and places on images."""

from PySide6.QtCore import QObject

from desktop.core.model import Role
from desktop.core.schemas import AnswerSchema
from desktop.tasks.backend import Backend
from desktop.ui.conversation.transcript import Transcript
from desktop.ui.conversation_state import ConversationState
from desktop.ui.shaped_answers import ShapedAnswers


class AnswerShapes(QObject):
    """Looks at each answer that is seen, once."""

    def __init__(self, backend: Backend, state: ConversationState, transcript: Transcript) -> None:
        super().__init__(transcript)
        self._state = state
        self._transcript = transcript
        self._answers = ShapedAnswers(backend.shaping, self)
        self._answers.found.connect(transcript.set_extras)
        transcript.extras_wanted.connect(self._on_wanted)

    def _on_wanted(self, answer_id: int) -> None:
        current = self._state.current
        answer = next((m for m in current.messages if m.id == answer_id), None)
        if answer is not None and answer.id:
            extras = self._answers.want(current, answer, self._schema_of(answer_id))
            if extras is not None:
                self._transcript.set_extras(answer_id, extras)

    def _schema_of(self, answer_id: int) -> AnswerSchema | None:
        """The shape that was asked for with the question before."""
        before = self._state.current.upto(answer_id, included=False).messages
        return before[-1].options.schema if before and before[-1].role is Role.USER else None
