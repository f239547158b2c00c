"""Copies a question as code that asks it: made off the GUI thread, put on the clipboard when it is there."""

from PySide6.QtGui import QGuiApplication

from desktop.core.model import Conversation
from desktop.core.request import CodeLanguage, Question
from desktop.core.text import _, format_size
from desktop.tasks.backend import Backend
from desktop.ui.messages import Messages

_NAMES = {CodeLanguage.CURL: "curl", CodeLanguage.PYTHON: "Python"}


class CodeCopying:
    """Questions of a conversation, and the one that is being written."""

    def __init__(self, backend: Backend, messages: Messages) -> None:
        self._backend = backend
        self._messages = messages

    def copy_question(self, question: Question, language: CodeLanguage) -> None:
        """Copy what asking would send now."""
        self._backend.question_as_code(
            question, language, lambda code: self._on_code(code, language), self._messages.show
        )

    def copy_message(self, conversation: Conversation, message_id: int, language: CodeLanguage) -> None:
        """Copy a question that was asked."""
        self._backend.as_code(
            conversation,
            message_id,
            language,
            lambda code: self._on_code(code, language),
            self._messages.show,
        )

    def _on_code(self, code: str, language: CodeLanguage) -> None:
        QGuiApplication.clipboard().setText(code)
        text = _("Copied as {language}: {size} with the images. It takes the key from OPENAI_API_KEY.")
        size = format_size(len(code.encode("utf-8", "replace")))
        self._messages.say(text.format(language=_NAMES[language], size=size))
