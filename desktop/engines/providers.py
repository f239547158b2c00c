"""What each server that speaks the protocol needs: a table (section 6 of ``OPENAI_VISION.md``)."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

PNG_JPEG = frozenset({"image/png", "image/jpeg"})
ALL_FORMATS = PNG_JPEG | {"image/webp", "image/gif"}

MB = 1000 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One server's quirks.

    Attributes:
        id: stored with every answer.
        name: a proper name, as shown; never translated.
        hosts: host names that are this provider; one that begins with a dot matches every name below it.
            Empty: any host on this computer or its private network.
        ports: the ports it listens on; empty: any.
        max_tokens_parameter: how the limit of the answer is called.
        sends_detail: whether ``detail`` means something to it; some servers refuse what they do not know.
        image_types: media types it reads. PNG and JPEG are read by all.
        max_request_bytes: most bytes of base64 image data in one request; None if unlimited or set by its
            owner.
        max_images: most images in one request; None as above.
        needs_key: whether a request without a key cannot succeed.
        local: runs on this computer or its network: it may have to load a model before the first byte comes.
        idle_timeout_s: longest silence that is not yet a fault.
        takes_urls: whether it fetches an image from an address by itself.
        takes_schema: whether ``response_format`` with a schema means something to it. A server that refuses
            it says so; one that ignores it would answer in words, and nobody would know why.
        counts_tokens: whether it may count a request's tokens (``/responses/input_tokens``).
        pricing_id: the provider's id in ``genai-prices``; None where a price means nothing or is not known.
    """

    id: str
    name: str
    hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    max_tokens_parameter: str = "max_tokens"
    sends_detail: bool = False
    image_types: frozenset[str] = PNG_JPEG
    max_request_bytes: int | None = None
    max_images: int | None = None
    needs_key: bool = False
    local: bool = False
    idle_timeout_s: float = 60
    takes_urls: bool = False
    takes_schema: bool = True
    counts_tokens: bool = False
    pricing_id: str | None = None


OPENAI = Provider(
    id="openai",
    name="OpenAI",
    takes_urls=True,
    hosts=("api.openai.com", ".api.openai.com"),
    max_tokens_parameter="max_completion_tokens",
    sends_detail=True,
    image_types=ALL_FORMATS,
    max_request_bytes=512 * MB,
    max_images=1500,
    needs_key=True,
    counts_tokens=True,
    pricing_id="openai",
)

UNKNOWN = Provider(
    id="custom",
    name="OpenAI-compatible",
    takes_urls=True,
    max_tokens_parameter="max_completion_tokens",
    sends_detail=True,
    image_types=PNG_JPEG,
    max_request_bytes=512 * MB,
    max_images=1500,
    counts_tokens=True,
    pricing_id="openai",
)
"""Any other base URL is treated as OpenAI until it says otherwise, but may do without a key."""

_LOADS_A_MODEL_S = 300.0

PROVIDERS: tuple[Provider, ...] = (
    OPENAI,
    Provider(
        id="azure",
        name="Azure OpenAI",
        takes_urls=True,
        hosts=(".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com"),
        max_tokens_parameter="max_completion_tokens",
        sends_detail=True,
        image_types=ALL_FORMATS,
        max_request_bytes=512 * MB,
        max_images=1500,
        needs_key=True,
        pricing_id="azure",
    ),
    Provider(
        id="openrouter",
        name="OpenRouter",
        takes_urls=True,
        hosts=("openrouter.ai", ".openrouter.ai"),
        sends_detail=True,
        image_types=ALL_FORMATS,
        needs_key=True,
        pricing_id="openrouter",
    ),
    Provider(
        id="gemini",
        name="Gemini",
        hosts=("generativelanguage.googleapis.com",),
        max_request_bytes=20 * MB,
        needs_key=True,
        pricing_id="google",
    ),
    Provider(
        id="anthropic",
        name="Anthropic",
        hosts=("api.anthropic.com",),
        takes_schema=False,
        image_types=ALL_FORMATS,
        max_request_bytes=32 * MB,
        max_images=100,
        needs_key=True,
        pricing_id="anthropic",
    ),
    Provider(id="ollama", name="Ollama", ports=(11434,), local=True, idle_timeout_s=_LOADS_A_MODEL_S),
    Provider(id="lm-studio", name="LM Studio", ports=(1234,), local=True, idle_timeout_s=_LOADS_A_MODEL_S),
    Provider(id="llama.cpp", name="llama.cpp", ports=(8080,), local=True, idle_timeout_s=_LOADS_A_MODEL_S),
    Provider(
        id="vllm", name="vLLM", ports=(8000,), local=True, takes_urls=True, idle_timeout_s=_LOADS_A_MODEL_S
    ),
)


def provider_for(base_url: str) -> Provider:
    """The row of the server behind ``base_url``; `UNKNOWN` for any other, a malformed one included."""
    try:
        parts = urlsplit(base_url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return UNKNOWN
    for provider in PROVIDERS:
        if _is_host(host, provider) and (not provider.ports or port in provider.ports):
            return provider
    return UNKNOWN


def is_private_host(host: str) -> bool:
    """Whether ``host`` is this computer or, by its address, on its private network. No name is looked up."""
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _is_host(host: str, provider: Provider) -> bool:
    if not provider.hosts:
        return is_private_host(host)
    return any(host == name or (name.startswith(".") and host.endswith(name)) for name in provider.hosts)
