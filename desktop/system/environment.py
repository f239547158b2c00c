"""Takes keys out of the environment, so that no child process, crash report or log inherits them."""

import os
import re
from dataclasses import dataclass, field

from desktop.system.logs import keep_out

_KEY = "OPENAI_API_KEY"
_BASE_URL = "OPENAI_BASE_URL"
_PRICES_URL = "SIGHTLINE_PRICES_URL"
# Whatever a provider calls its secret; OPENAI_ORG_ID and the like are none.
_SECRET = re.compile(
    r"(OPENAI|AZURE|ANTHROPIC|CLAUDE|OPENROUTER|GEMINI|GOOGLE|MISTRAL|GROQ|XAI|DEEPSEEK|TOGETHER|FIREWORKS|COHERE"
    r"|PERPLEXITY|DASHSCOPE|MOONSHOT|ZHIPUAI|SILICONFLOW|NVIDIA|HF|HUGGINGFACE|OLLAMA|LITELLM)"
    r"_(\w+_)?(KEY|TOKEN|SECRET)"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the environment said about the server.

    Attributes:
        key: from ``OPENAI_API_KEY``; None if it is unset or blank. Not part of the ``repr``.
        base_url: from ``OPENAI_BASE_URL``; None if it is unset or blank.
    """

    key: str | None = field(default=None, repr=False)
    base_url: str | None = None


def take_secrets() -> Secrets:
    """Read the key and the base URL once, and remove every provider's key from ``os.environ``.

    Call it before anything starts a child process. The first bytes of this process's own environment, as the
    system shows them to the same user, cannot be changed from here.
    """
    key = os.environ.get(_KEY, "").strip() or None
    base_url = os.environ.get(_BASE_URL, "").strip() or None
    for name in list(os.environ):
        if _SECRET.fullmatch(name.upper()):
            keep_out(os.environ.pop(name))
    if key is not None:
        keep_out(key)
    return Secrets(key, base_url)


def prices_url() -> str | None:
    """Where a price list is fetched from instead of its usual place, from ``SIGHTLINE_PRICES_URL``."""
    return os.environ.get(_PRICES_URL, "").strip() or None
