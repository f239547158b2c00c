"""The use case "copy as code": a question as a program that asks it."""

import asyncio

from desktop.asking.rehearsal import rehearse, repeat, server_of
from desktop.asking.services import Services
from desktop.core.model import Conversation
from desktop.core.request import CodeLanguage, Question, Request
from desktop.export.code import code_for


async def question_as_code(question: Question, language: CodeLanguage, services: Services) -> str:
    """Code that asks what `ask` would ask. Stores nothing; no key is in it.

    Raises:
        ProblemError: the reader would answer (NOT_SENT), or an image cannot be sent.
    """
    server_of(question.model, services)
    return await _code(await rehearse(question, services), language, services)


async def message_as_code(
    conversation: Conversation, message_id: int, language: CodeLanguage, services: Services
) -> str:
    """Code that asks a stored question again, with its stored images, at the server in force.

    Args:
        conversation: as it is stored.
        message_id: of the question, or of an answer to it.
        language: what to write.
        services: the parts.

    Raises:
        ProblemError: the reader answered it (NOT_SENT), or it or one of its images is gone.
    """
    request = await repeat(conversation, message_id, services)
    return await _code(request, language, services)


async def _code(request: Request, language: CodeLanguage, services: Services) -> str:
    server = server_of(request.model, services)
    arguments = await asyncio.to_thread(server.arguments, request)
    return await asyncio.to_thread(code_for, language, server.base_url, arguments)
