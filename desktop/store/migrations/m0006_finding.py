"""Version 6: conversations are found and listed quickly, however many there are.

`search_index`, the full-text index, is in no migration: it is made anew from the messages whenever it is
missing, see `search_index`. What it has to look at again stands in `touched`, written by triggers, so that
what another process writes, or a version without full-text search, is found later, too.
"""


def _touching(event: str, messages: str) -> str:
    return f"CREATE TRIGGER {event} BEGIN INSERT OR IGNORE INTO touched (message_id) {messages}; END"


_OF_CONVERSATION = "SELECT id FROM message WHERE conversation_id = "
_WITH_IMAGE = (
    "SELECT message_id FROM attachment WHERE source_sha256 = substr({row}.source_id, 1, 64)"
    " AND source_page = CAST(substr({row}.source_id, 66) AS INTEGER)"
)

STATEMENTS = (
    # The newest message of a conversation, which puts it in its place in the list.
    "ALTER TABLE conversation ADD COLUMN latest_id INTEGER",
    """
    UPDATE conversation SET latest_id =
        (SELECT max(id) FROM message WHERE message.conversation_id = conversation.id)
    """,
    """
    CREATE TRIGGER message_is_latest AFTER INSERT ON message BEGIN
        UPDATE conversation SET latest_id = new.id
        WHERE id = new.conversation_id AND coalesce(latest_id, 0) < new.id;
    END
    """,
    "CREATE INDEX conversation_listed ON conversation (archived, pinned, latest_id) WHERE deleted_at IS NULL",
    "CREATE INDEX conversation_deleted ON conversation (deleted_at) WHERE deleted_at IS NOT NULL",
    "CREATE INDEX tag_by_name ON tag (name)",
    "CREATE INDEX message_by_time ON message (created_at)",
    # Messages that the index has to look at again: new, changed or gone.
    "CREATE TABLE touched (message_id INTEGER PRIMARY KEY) STRICT",
    _touching("message_came AFTER INSERT ON message WHEN new.state <> 'running'", "VALUES (new.id)"),
    # A running answer is looked at when it has ended, not whenever more of it is stored.
    _touching(
        "message_changed AFTER UPDATE OF text, state, model ON message WHEN new.state <> 'running'",
        "VALUES (new.id)",
    ),
    _touching("message_went AFTER DELETE ON message", "VALUES (old.id)"),
    _touching("attachment_came AFTER INSERT ON attachment", "VALUES (new.message_id)"),
    _touching("title_changed AFTER UPDATE OF title ON conversation", _OF_CONVERSATION + "new.id"),
    _touching("tag_came AFTER INSERT ON tag", _OF_CONVERSATION + "new.conversation_id"),
    _touching("tag_went AFTER DELETE ON tag", _OF_CONVERSATION + "old.conversation_id"),
    _touching("text_found AFTER INSERT ON found_text", _WITH_IMAGE.format(row="new")),
    _touching("text_changed AFTER UPDATE ON found_text", _WITH_IMAGE.format(row="new")),
    _touching("text_went AFTER DELETE ON found_text", _WITH_IMAGE.format(row="old")),
    # What sent images look like, in 64 bits (`images.fingerprint`); NULL for what shows too little.
    """
    CREATE TABLE image_look (
        sha256 TEXT PRIMARY KEY REFERENCES image (sha256) ON DELETE CASCADE,
        bits INTEGER
    ) STRICT, WITHOUT ROWID
    """,
)
