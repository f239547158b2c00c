"""A question from its first row to the final answer: SQL as functions of a connection."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import AnswerState, Attachment, Conversation, Message, Role
from desktop.store import rows
from desktop.store.connections import transaction
from desktop.store.conversations import gone, hash_of, read_conversation
from desktop.store.drafts import drop_draft
from desktop.store.images import release_images
from desktop.store.ledger import begin_request, finish_request


def begin(
    connection: sqlite3.Connection,
    conversation_id: int,
    question: Message,
    *,
    title: str,
    model: str,
    provider: str,
    expected: Expected,
    owner: str,
) -> Conversation:
    """Store a question and the empty answer to it, in one transaction, and clear the draft it came from.

    Args:
        connection: the writing one.
        conversation_id: 0 creates a conversation.
        question: with its attachments, whose bytes were put before.
        title: of the conversation that is created.
        model: who is asked.
        provider: whose model it is.
        expected: what the estimate said.
        owner: this process, see `owners`.

    Raises:
        ProblemError: CONVERSATION_GONE.
    """
    with transaction(connection):
        if drafted := conversation_id:
            if not _exists(connection, conversation_id):
                raise gone()
        else:
            conversation_id = rows.insert(
                connection,
                "conversation",
                {"title": rows.clean(title), "created_at": rows.time_text(question.created_at)},
            )
        _insert_question(connection, conversation_id, question, owner=owner)
        answer = Message(
            role=Role.ASSISTANT,
            text="",
            state=AnswerState.RUNNING,
            created_at=question.created_at,
            model=model,
            provider=provider,
        )
        answer_id = _insert_message(connection, conversation_id, answer, owner=owner)
        begin_request(connection, conversation_id, replace(answer, id=answer_id), expected=expected)
        drop_draft(connection, drafted)
        return read_conversation(connection, conversation_id)


def _exists(connection: sqlite3.Connection, conversation_id: int) -> bool:
    row = connection.execute("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)).fetchone()
    return row is not None


def _insert_question(
    connection: sqlite3.Connection, conversation_id: int, question: Message, *, owner: str
) -> None:
    question_id = _insert_message(connection, conversation_id, question, owner=None)
    for attachment in question.attachments:
        columns = rows.attachment_columns(attachment)
        rows.insert(connection, "attachment", {"message_id": question_id, **columns})
    release_images(connection, [a.sent.sha256 for a in question.attachments if a.sent], owner)


def _insert_message(
    connection: sqlite3.Connection, conversation_id: int, message: Message, *, owner: str | None
) -> int:
    text = rows.clean(message.text)
    return rows.insert(
        connection,
        "message",
        {
            "conversation_id": conversation_id,
            "role": message.role.value,
            "text": text,
            # A running answer gets its hash at the end.
            "text_sha256": None if owner else hash_of(text),
            "state": message.state.value,
            "created_at": rows.time_text(message.created_at),
            "model": message.model,
            "provider": message.provider,
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
        return read_conversation(connection, conversation_id)


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
