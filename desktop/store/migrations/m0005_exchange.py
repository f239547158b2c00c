"""Version 5: conversations and their bills are recognised when they come back from an export.

A conversation's ``uid`` is the same in every history that it came to. ``usage.origin`` is NULL for what was
paid here; what was imported has the digest of the history that paid it, and counts in no month of this one.
"""

STATEMENTS = (
    "ALTER TABLE conversation ADD COLUMN uid TEXT",
    "UPDATE conversation SET uid = lower(hex(randomblob(16)))",
    "CREATE UNIQUE INDEX conversation_uid ON conversation (uid)",
    "ALTER TABLE usage ADD COLUMN origin TEXT",
    # So that a bill finds its answer again that was deleted and imported.
    "CREATE INDEX usage_without_answer ON usage (created_at) WHERE message_id IS NULL",
    "INSERT INTO remembered (key, value) VALUES ('history', lower(hex(randomblob(16))))",
)
