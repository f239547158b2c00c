"""Version 4: conversations branch, are kept in order, and say how they are answered; images may stand aside.

A message's ``parent_id`` is the message before it: those with the same one are versions of each other.
``leaf_id`` is the end of the branch at hand. Neither is a foreign key: SQLite's cascades go only a thousand
rows deep, and messages go with their conversation anyway.
"""

STATEMENTS = (
    "ALTER TABLE message ADD COLUMN parent_id INTEGER",
    # Of a question: how it was to be answered, see `core.options`.
    "ALTER TABLE message ADD COLUMN options TEXT NOT NULL DEFAULT ''",
    # Questions that were asked at once, to be compared, have the same number: the id of the first.
    "ALTER TABLE message ADD COLUMN comparison INTEGER",
    """
    UPDATE message SET parent_id = (
        SELECT max(before.id) FROM message before
        WHERE before.conversation_id = message.conversation_id AND before.id < message.id)
    """,
    "ALTER TABLE conversation ADD COLUMN leaf_id INTEGER",
    "ALTER TABLE conversation ADD COLUMN options TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0",
    # Deleted by the user, who may still take it back; gone for good at the next start.
    "ALTER TABLE conversation ADD COLUMN deleted_at TEXT",
    """
    CREATE TABLE tag (
        conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (conversation_id, name)
    ) STRICT, WITHOUT ROWID
    """,
    # NULL follows the setting.
    "ALTER TABLE gallery_item ADD COLUMN once INTEGER",
    "ALTER TABLE attachment ADD COLUMN once INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE attachment ADD COLUMN stand_in TEXT NOT NULL DEFAULT ''",
)
