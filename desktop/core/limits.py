"""What one request may hold, checked before anything is uploaded."""

from dataclasses import dataclass

from desktop.core.problems import Code, Problem, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a server takes in one request.

    Attributes:
        images: number of images, carried ones included.
        request_bytes: size of the request; images travel as base64, four bytes for three.
    """

    images: int
    request_bytes: int


OPENAI_LIMITS = Limits(images=1_500, request_bytes=512_000_000)
"""Source: OpenAI, "Images and vision" (section 3 of ``OPENAI_VISION.md``)."""


def base64_bytes(size_bytes: int) -> int:
    """How many bytes ``size_bytes`` bytes are in base64, padding included."""
    return 4 * -(-size_bytes // 3)


def check_request(
    *, image_count: int, image_bytes: int, text_bytes: int = 0, limits: Limits = OPENAI_LIMITS
) -> Problem | None:
    """Why a request would not fit; None if it fits.

    Args:
        image_count: how many images it carries.
        image_bytes: their encoded files' size in all, before base64.
        text_bytes: everything else.
        limits: those of the server.
    """
    if image_count > limits.images:
        return problem(Code.TOO_MANY_IMAGES, count=image_count, limit=limits.images)
    size_bytes = base64_bytes(image_bytes) + text_bytes
    if size_bytes > limits.request_bytes:
        return problem(Code.REQUEST_TOO_LARGE, size_bytes=size_bytes, limit_bytes=limits.request_bytes)
    return None
