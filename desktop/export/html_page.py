"""Conversations as one HTML file that opens offline: images are in it, and nothing is fetched or run."""

import base64
from collections.abc import Callable, Iterator, Sequence
from html import escape

from desktop.core.archive import ArchivedConversation, ArchivedMessage
from desktop.core.model import Attachment, Message, Role, SentImage
from desktop.core.text import _, format_pixels, printable
from desktop.export import words
from desktop.export.html_style import STYLE
from desktop.export.html_text import answer_html, plain_html

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_MOST_TITLE = 200


def page_head(titles: Sequence[str]) -> str:
    """The page up to the first conversation; of several conversations a list comes first."""
    shown = [printable(title, limit=_MOST_TITLE).strip() or _("Conversation") for title in titles]
    title = shown[0] if len(shown) == 1 else _("Conversations")
    # Translators: the code of the language that this is translated to, such as "de".
    language = _("en")
    head = (
        "<!DOCTYPE html>\n"
        f'<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
    if len(shown) < 2:
        return head
    items = "".join(
        f'<li dir="auto"><a href="#c{number}">{escape(one)}</a></li>' for number, one in enumerate(shown, 1)
    )
    return f"{head}<nav><h1>{escape(title)}</h1><ol>{items}</ol></nav>\n"


def page_end() -> str:
    """What comes after the last conversation."""
    said = _("Exported from Sightline")
    return f"<footer>{escape(said)}</footer>\n</main>\n</body>\n</html>\n"


def conversation_html(
    conversation: ArchivedConversation, fetch: Callable[[SentImage], bytes | None], *, number: int
) -> Iterator[str]:
    """The branch at hand, piece by piece, so that its images are never all in memory.

    Args:
        conversation: what is written.
        fetch: gives the bytes of an image, or None if they are lost.
        number: its place on the page, from 1.
    """
    title = escape(words.title_of(conversation))
    yield f'<article id="c{number}">\n<header><h1 dir="auto">{title}</h1>'
    yield f'<p class="facts">{escape(words.summary(conversation))}</p>'
    tags = "".join(f"<li>{escape(tag)}</li>" for tag in words.tags_of(conversation))
    yield f'<ul class="tags">{tags}</ul>' if tags else ""
    if conversation.options.instructions:
        said = plain_html(conversation.options.instructions)
        yield f"<details><summary>{escape(_('Instructions'))}</summary>{said}</details>"
    yield "</header>\n"
    for at in conversation.branch():
        if at.message.role is Role.USER:
            yield from _question(conversation, at, fetch)
        else:
            yield _answer(at.message, note=words.other_versions(conversation, at))
            yield from _compared(conversation, at)
    yield "</article>\n"


def _question(
    conversation: ArchivedConversation,
    at: ArchivedMessage,
    fetch: Callable[[SentImage], bytes | None],
) -> Iterator[str]:
    message = at.message
    yield f'<section class="question" aria-label="{escape(_("Question"))}">'
    if message.attachments:
        yield '<div class="images">'
        for attachment in message.attachments:
            yield _figure(attachment, fetch)
        yield "</div>"
    if message.text:
        yield plain_html(words.text_of(message), "bubble plain")
    facts = [words.moment(message.created_at), words.other_versions(conversation, at)]
    yield f'<p class="facts">{escape(" · ".join(fact for fact in facts if fact))}</p></section>\n'


def _figure(attachment: Attachment, fetch: Callable[[SentImage], bytes | None]) -> str:
    name, sent = printable(attachment.image.name), attachment.sent
    data = fetch(sent) if sent is not None else None
    if sent is None or data is None:
        said = escape(_("Image “{name}” is missing.").format(name=name))
        return f'<p class="gone">{said}</p>'
    encoded = base64.b64encode(data).decode("ascii")
    caption = f"{name} · {format_pixels(sent.width_px, sent.height_px)}"
    return (
        f'<figure><img src="data:{sent.media_type};base64,{encoded}" alt="{escape(name)}"'
        f' width="{sent.width_px}" height="{sent.height_px}">'
        f'<figcaption dir="auto">{escape(caption)}</figcaption></figure>'
    )


def _answer(message: Message, *, note: str = "", compared: bool = False) -> str:
    kind = "answer compared" if compared else "answer"
    body = answer_html(words.text_of(message))
    ended = words.ending(message)
    said = f'<p class="ended" dir="auto">{escape(ended)}</p>' if ended else ""
    facts = escape(" · ".join(fact for fact in (words.figures(message), note) if fact))
    foot = f'<p class="facts">{facts}</p>' if facts else ""
    name = escape(words.answerer(message))
    return f'<section class="{kind}"><h2 dir="auto">{name}</h2>\n{body}{said}{foot}</section>\n'


def _compared(conversation: ArchivedConversation, answer: ArchivedMessage) -> Iterator[str]:
    asked = next((m for m in conversation.messages if m.message.id == answer.parent), None)
    for _side, other in conversation.other_sides(asked) if asked is not None else ():
        yield _answer(other.message, compared=True)
