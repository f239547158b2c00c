"""Refusals in the forms that real servers give them."""

from tests.helpers.loopback_answers import ok
from tests.helpers.loopback_exchange import Exchange
from tests.helpers.loopback_script import scenario


@scenario(for_models=True)
async def redirect(x: Exchange) -> None:
    await x.json(307, "", location=f"http://127.0.0.1:{x.server.port}/v1/elsewhere")


@scenario(for_models=True)
async def unauthorized(x: Exchange) -> None:
    key = x.recorded.headers.get("authorization", "").removeprefix("Bearer ")
    await x.error(401, f"Incorrect API key provided: {key}.", code="invalid_api_key")


@scenario(for_models=True)
async def forbidden(x: Exchange) -> None:
    await x.error(403, "You are not allowed to sample from this model")


@scenario()
async def model_not_found(x: Exchange) -> None:
    await x.error(404, f"The model `{x.model}` does not exist", code="model_not_found")


@scenario(for_models=True)
async def not_found(x: Exchange) -> None:
    await x.json(404, "<html>404 page not found</html>", content_type="text/html")


@scenario()
async def rate_limited(x: Exchange) -> None:
    await x.error(429, "Rate limit reached", code="rate_limit_exceeded", headers={"retry_after": "0.05"})


@scenario()
async def rate_limited_long(x: Exchange) -> None:
    await x.error(429, "Rate limit reached", code="rate_limit_exceeded", headers={"retry_after": "3600"})


@scenario()
async def insufficient_quota(x: Exchange) -> None:
    await x.error(
        429, "You exceeded your current quota", code="insufficient_quota", headers={"retry_after": "1"}
    )


@scenario(for_models=True)
async def server_error(x: Exchange) -> None:
    await x.error(500, "The server had an error", type="server_error")


@scenario()
async def overloaded(x: Exchange) -> None:
    await x.error(503, "Overloaded", type="server_error")


@scenario()
async def endless_refusal(x: Exchange) -> None:
    await x.headers(500, "text/plain")
    while not x.closed.is_set():
        await x.send(b"error " * 10_000)


@scenario()
async def image_refused(x: Exchange) -> None:
    await x.error(
        400,
        "You uploaded an unsupported image. Please make sure your image is valid.",
        param="messages.[0].content.[0].image_url",
        code="invalid_image",
    )


@scenario()
async def too_large(x: Exchange) -> None:
    await x.json(413, "<html>413 Request Entity Too Large</html>", content_type="text/html")


@scenario()
async def context_too_long(x: Exchange) -> None:
    await x.error(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded")


@scenario()
async def plain_error(x: Exchange) -> None:
    """LM Studio's form: the message is a plain string."""
    await x.json(400, {"error": "The image could not be read"})


async def _refuse_parameter(x: Exchange, name: str, *, sent: bool) -> None:
    if not sent:
        return await ok(x)
    return await x.error(
        400,
        f"Unsupported parameter: '{name}' is not supported with this model.",
        param=name,
        code="unsupported_parameter",
    )


@scenario()
async def refuses_max_completion_tokens(x: Exchange) -> None:
    await _refuse_parameter(x, "max_completion_tokens", sent="max_completion_tokens" in x.recorded.body)


@scenario()
async def refuses_max_tokens(x: Exchange) -> None:
    await _refuse_parameter(x, "max_tokens", sent="max_tokens" in x.recorded.body)


@scenario()
async def refuses_stream_options(x: Exchange) -> None:
    """Mistral's form: a list of validation errors with status 422."""
    if "stream_options" not in x.recorded.body:
        await ok(x)
        return
    where = {
        "type": "extra_forbidden",
        "loc": ["body", "stream_options"],
        "msg": "Extra inputs are not permitted",
    }
    await x.json(422, {"detail": [where]})


@scenario()
async def refuses_detail(x: Exchange) -> None:
    sent = b'"detail"' in x.recorded.raw
    await _refuse_parameter(x, "messages[0].content[0].image_url.detail", sent=sent)


@scenario()
async def refuses_response_format(x: Exchange) -> None:
    await _refuse_parameter(x, "response_format", sent="response_format" in x.recorded.body)


@scenario()
async def refuses_this_schema(x: Exchange) -> None:
    """OpenAI's form for what strict mode does not take."""
    await x.error(
        400,
        "Invalid schema for response_format 'Nummernschild': In context=(), 'required' is required.",
        param="response_format",
    )
