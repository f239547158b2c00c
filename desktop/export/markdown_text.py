"""A conversation as Markdown, the branch at hand, with its images beside it. Answers stay as they came."""

import re
from collections.abc import Mapping

from desktop.core.archive import ArchivedConversation, ArchivedMessage
from desktop.core.model import Attachment, Message, Role
from desktop.core.text import _, printable
from desktop.export import words

IMAGES = "images"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!~])")


def conversation_markdown(conversation: ArchivedConversation, images: Mapping[str, str]) -> str:
    """The text of the file.

    Args:
        conversation: what is written.
        images: names in the folder ``images``, by the hash of what was sent; one that is missing was lost.
    """
    parts = [f"# {_escaped(words.title_of(conversation))}", f"*{_escaped(words.summary(conversation))}*"]
    if conversation.tags:
        parts.append(" ".join(f"`{tag.replace('`', '')}`" for tag in words.tags_of(conversation)))
    if conversation.options.instructions:
        parts += [f"**{_('Instructions')}**", _quoted(conversation.options.instructions)]
    for at in conversation.branch():
        parts.append("---" if at.message.role is Role.USER else "")
        parts += _turn(conversation, at, images)
        if at.message.role is Role.ASSISTANT:
            parts += _compared(conversation, at)
    return "\n\n".join(part for part in parts if part) + "\n"


def _turn(conversation: ArchivedConversation, at: ArchivedMessage, images: Mapping[str, str]) -> list[str]:
    message = at.message
    note = words.other_versions(conversation, at)
    noted = [f"*{_escaped(note)}*"] if note else []
    if message.role is Role.ASSISTANT:
        return [*_answer(message), *noted]
    shown = [_image(a, images) for a in message.attachments]
    asked = [_quoted(words.text_of(message))] if message.text else []
    return [f"## {_('Question')} · {words.moment(message.created_at)}", *shown, *asked, *noted]


def _answer(message: Message) -> list[str]:
    parts = [f"### {_escaped(words.answerer(message))}", words.text_of(message).strip("\n")]
    if ended := words.ending(message):
        parts.append(f"> {_escaped(ended)}")
    if said := words.figures(message):
        parts.append(f"*{_escaped(said)}*")
    return parts


def _compared(conversation: ArchivedConversation, answer: ArchivedMessage) -> list[str]:
    asked = next((m for m in conversation.messages if m.message.id == answer.parent), None)
    sides = conversation.other_sides(asked) if asked is not None else ()
    said = _("Compared with")
    title = f"*{said}*"
    return [part for _side, other in sides for part in (title, *_answer(other.message))]


def _image(attachment: Attachment, images: Mapping[str, str]) -> str:
    name = printable(attachment.image.name)
    found = images.get(attachment.sent.sha256) if attachment.sent is not None else None
    if found is None:
        return f"*{_escaped(_('Image “{name}” is missing.').format(name=name))}*"
    return f"![{_escaped(name)}]({IMAGES}/{found})"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
