"""A question from its first row to the final answer: SQL as functions of a connection."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import AnswerState, Attachment, Conversation, Message, Role
from desktop.core.options import Options, encode_options
from desktop.store import rows
from desktop.store.connections import transaction
from desktop.store.conversations import PATH, gone, hash_of, read_conversation, set_leaf
from desktop.store.drafts import drop_draft, read_draft
from desktop.store.images import release_images
from desktop.store.ledger import begin_request, finish_request

NEW_OPTIONS = "new_options"
"""Options of the conversation that is not stored yet, as a small value of the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A question that is about to be asked.

    Attributes:
        conversation_id: 0 creates a conversation.
        question: with its attachments, whose bytes were put before; one with an id is stored already and gets
            another answer.
        parent_id: the message it follows; None if it is a first one.
        title: of the conversation that is created.
        model: who is asked.
        provider: whose model it is.
        expected: what the estimate said.
        asked_at: UTC.
        options: how it is to be answered; kept with the conversation, too, where that is created.
        text: what the answer begins with: that of the cut one which it continues.
        shown: the branch at hand ends with its answer from now on.
        drafted: it was the draft of its conversation, which is used up, as are the options that were chosen
            for a new one.
    """

    conversation_id: int
    question: Message
    parent_id: int | None = None
    title: str
    model: str
    provider: str
    expected: Expected
    asked_at: datetime
    options: Options = field(default_factory=Options)
    text: str = ""
    shown: bool = True
    drafted: bool = True


def begin(connection: sqlite3.Connection, beginning: Beginning, *, owner: str) -> Conversation:
    """Store a question and the empty answer to it, in one transaction, and clear the draft it came from.

    Args:
        connection: the writing one.
        beginning: what is asked.
        owner: this process, see `owners`.

    Returns:
        The branch that ends with the answer.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    question = beginning.question
    with transaction(connection):
        conversation_id = beginning.conversation_id or _create(connection, beginning)
        if not _exists(connection, conversation_id):
            raise gone()
        question_id = question.id or _insert_question(connection, conversation_id, beginning, owner=owner)
        answer = Message(
            role=Role.ASSISTANT,
            text=beginning.text,
            state=AnswerState.RUNNING,
            created_at=beginning.asked_at,
            model=beginning.model,
            provider=beginning.provider,
        )
        answer_id = _insert_message(connection, conversation_id, answer, parent_id=question_id, owner=owner)
        if beginning.shown:
            set_leaf(connection, conversation_id, answer_id)
        conversation = read_conversation(connection, conversation_id, leaf=answer_id)
        begin_request(connection, conversation, replace(answer, id=answer_id), expected=beginning.expected)
        if not beginning.conversation_id and beginning.drafted:
            connection.execute("DELETE FROM remembered WHERE key = ?", (NEW_OPTIONS,))
        # What is typed after the first side of a comparison was asked is no part of the others.
        if not question.id and beginning.shown and beginning.drafted:
            drop_draft(connection, beginning.conversation_id)
        kept = replace(conversation.messages[-1], estimate_usd=beginning.expected.cost_usd)
        return replace(
            conversation,
            messages=(*conversation.messages[:-1], kept),
            draft=read_draft(connection, conversation_id),
        )


def _create(connection: sqlite3.Connection, beginning: Beginning) -> int:
    return rows.insert(
        connection,
        "conversation",
        {
            "title": rows.clean(beginning.title),
            "created_at": rows.time_text(beginning.asked_at),
            "options": rows.clean(encode_options(beginning.options)),
            "uid": uuid4().hex,
        },
    )


def _exists(connection: sqlite3.Connection, conversation_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    return row is not None


def _insert_question(
    connection: sqlite3.Connection, conversation_id: int, beginning: Beginning, *, owner: str
) -> int:
    question = replace(beginning.question, options=beginning.options)
    question_id = _insert_message(
        connection, conversation_id, question, parent_id=beginning.parent_id, owner=None
    )
    if question.comparison == 0:
        # The first one of a comparison gives it its number.
        connection.execute("UPDATE message SET comparison = id WHERE id = ?", (question_id,))
    for attachment in question.attachments:
        columns = rows.attachment_columns(attachment)
        rows.insert(connection, "attachment", {"message_id": question_id, **columns})
    release_images(connection, [a.sent.sha256 for a in question.attachments if a.sent], owner)
    return question_id


def _insert_message(
    connection: sqlite3.Connection,
    conversation_id: int,
    message: Message,
    *,
    parent_id: int | None,
    owner: str | None,
) -> int:
    text = rows.clean(message.text)
    return rows.insert(
        connection,
        "message",
        {
            "conversation_id": conversation_id,
            "parent_id": parent_id,
            "role": message.role.value,
            "text": text,
            # A running answer gets its hash at the end.
            "text_sha256": None if owner else hash_of(text),
            "state": message.state.value,
            "created_at": rows.time_text(message.created_at),
            "model": message.model,
            "provider": message.provider,
            "options": rows.clean(encode_options(message.options)),
            "comparison": message.comparison,
            "owner": owner,
        },
    )


def checkpoint(connection: sqlite3.Connection, answer_id: int, text: str) -> None:
    """Keep what has come so far. After the end of the answer it does nothing: a late one must not undo it.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    cursor = connection.execute(
        "UPDATE message SET text = ? WHERE id = ? AND state = 'running'", (rows.clean(text), answer_id)
    )
    if cursor.rowcount == 0:
        _conversation_of(connection, answer_id)


def finish(
    connection: sqlite3.Connection,
    answer: Message,
    attachments: Sequence[Attachment],
    images: Sequence[RequestImage] | None = None,
) -> Conversation:
    """Store the final answer with what it cost, and each image's share, in one transaction.

    Args:
        connection: the writing one.
        answer: its ``id`` is the one that `begin` gave.
        attachments: images of the conversation whose ``tokens``, ``cost_usd`` or ``left_out`` have changed.
        images: what went out with the request; None for what the conversation carried when it began.

    Raises:
        ProblemError: CONVERSATION_GONE.
        ValueError: the answer is still RUNNING.
    """
    if answer.state is AnswerState.RUNNING:
        raise ValueError("a finished answer is not running")
    with transaction(connection):
        conversation_id = _conversation_of(connection, answer.id)
        _update_answer(connection, answer)
        finish_request(connection, answer, images)
        connection.executemany(
            "UPDATE attachment SET tokens = ?, cost_usd = ?, left_out = ? WHERE id = ?",
            [(a.tokens, rows.decimal_text(a.cost_usd), int(a.left_out), a.id) for a in attachments],
        )
        if answer.state is not AnswerState.FAILED:
            _leave_once(connection, answer.id)
        return read_conversation(connection, conversation_id, leaf=answer.id)


def _leave_once(connection: sqlite3.Connection, answer_id: int) -> None:
    """Images that were to go with one question have gone."""
    connection.execute(
        PATH + "UPDATE attachment SET left_out = 1 WHERE once AND message_id IN (SELECT id FROM path)",  # noqa: S608
        {"leaf": answer_id},
    )


def _conversation_of(connection: sqlite3.Connection, message_id: int) -> int:
    row = connection.execute("SELECT conversation_id FROM message WHERE id = ?", (message_id,)).fetchone()
    if row is None:
        raise gone()
    return int(row[0])


def _update_answer(connection: sqlite3.Connection, answer: Message) -> None:
    text = rows.clean(answer.text)
    code, parameters = rows.problem_columns(answer.problem)
    shareable = None if answer.shareable_text is None else rows.clean(answer.shareable_text)
    connection.execute(
        "UPDATE message SET text = ?, text_sha256 = ?, state = ?, model = ?, provider = ?, problem_code = ?,"
        " problem_parameters = ?, seconds = ?, shareable_text = ?, owner = NULL WHERE id = ?",
        (
            text,
            hash_of(text),
            answer.state.value,
            answer.model,
            answer.provider,
            code,
            parameters,
            answer.seconds,
            shareable,
            answer.id,
        ),
    )
