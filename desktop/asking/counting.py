"""The use case "count exactly": the server counts the very request that a question would send."""

from desktop.asking.rehearsal import rehearse, server_of
from desktop.asking.services import Services
from desktop.core.request import Question


async def count_exactly(question: Question, services: Services) -> int:
    """The input tokens of ``question`` as the server counts them. It uploads everything, and stores nothing.

    Raises:
        ProblemError: the reader would answer (NOT_SENT), the server does not count (COUNT_NOT_OFFERED), or
            what can go wrong with a question.
    """
    server = server_of(question.model, services)
    return await server.count_tokens(await rehearse(question, services))
