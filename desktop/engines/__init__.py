"""Who answers: servers with OpenAI's Chat Completions protocol, and the reader on this computer.

An engine takes a `desktop.core.request.Request` and yields `desktop.core.events`. For a server the data flows
so:

- `providers` says what the server behind a base URL needs; `chat_request` turns the request and these needs
  into the arguments of one HTTP call, and learns from a refusal that names a parameter.
- `openai_client` makes the `openai` package's client: nothing is retried or redirected by it, and a refusal
  is read only up to a limit.
- `openai_chat` sends, waits, retries by the rules of `retries`, and feeds the bytes that come back to
- `chat_stream`, which knows no network: bytes in (split by `sse`), text, usage and the verdict "complete or
  not" out.
- `token_count` has a server count a request before it is asked; `price_download` fetches a price list.
- `openai_errors` is the one table in which anything that went wrong becomes a `Problem`.
"""
