"""Version 1: conversations, messages, attachments, images that were sent, usage, drafts, window state.

Identifiers are never used again (AUTOINCREMENT), because everything is ordered by them and a remembered one
must not point at something else. Decimals are TEXT, times ISO 8601 in UTC, paths BLOB, hashes hex TEXT.
"""

STATEMENTS = (
    """
    CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT
    """,
    # `owner` is the living process that writes a RUNNING answer, see `owners`.
    """
    CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        text_sha256 TEXT,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        model TEXT,
        provider TEXT,
        problem_code TEXT,
        problem_parameters TEXT,
        seconds REAL,
        shareable_text TEXT,
        owner TEXT
    ) STRICT
    """,
    "CREATE INDEX message_of_conversation ON message (conversation_id, id)",
    "CREATE INDEX message_running ON message (owner) WHERE state = 'running'",
    # The bytes are in images/ab/<sha256>.<png|jpg>.
    """
    CREATE TABLE image (
        sha256 TEXT PRIMARY KEY,
        media_type TEXT NOT NULL,
        width_px INTEGER NOT NULL,
        height_px INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # An image that a living process has put and no attachment names yet: it is not garbage.
    """
    CREATE TABLE held_image (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL REFERENCES image (sha256) ON DELETE CASCADE,
        owner TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX held_image_of_image ON held_image (sha256)",
    # The source columns are the file as it was when it was sent.
    """
    CREATE TABLE attachment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
        detail TEXT NOT NULL,
        sent_sha256 TEXT REFERENCES image (sha256),
        tokens INTEGER,
        cost_usd TEXT,
        left_out INTEGER NOT NULL DEFAULT 0,
        source_path BLOB NOT NULL,
        source_name TEXT NOT NULL,
        source_sha256 TEXT NOT NULL,
        source_bytes INTEGER NOT NULL,
        source_modified_ns INTEGER NOT NULL,
        source_format TEXT NOT NULL,
        source_width_px INTEGER NOT NULL,
        source_height_px INTEGER NOT NULL,
        source_frames INTEGER NOT NULL,
        source_has_alpha INTEGER NOT NULL,
        source_camera TEXT,
        source_taken_at TEXT,
        source_latitude REAL,
        source_longitude REAL,
        source_metadata TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX attachment_of_message ON attachment (message_id, id)",
    "CREATE INDEX attachment_of_image ON attachment (sent_sha256)",
    "CREATE INDEX attachment_of_source ON attachment (source_sha256)",
    # A row for each request. It stays, without a name, when its conversation is deleted: the money is spent
    # all the same.
    """
    CREATE TABLE usage (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER UNIQUE REFERENCES message (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        detail TEXT,
        images INTEGER NOT NULL,
        sent_bytes INTEGER NOT NULL,
        estimate_usd TEXT,
        prompt_tokens INTEGER,
        completion_tokens INTEGER,
        cached_tokens INTEGER,
        cache_write_tokens INTEGER,
        image_tokens INTEGER,
        reasoning_tokens INTEGER,
        reported INTEGER,
        charged_usd TEXT,
        cost_usd TEXT,
        seconds REAL
    ) STRICT
    """,
    "CREATE INDEX usage_by_time ON usage (created_at)",
    # The draft of a conversation that is not stored yet has conversation_id 0: no foreign key.
    """
    CREATE TABLE draft (
        conversation_id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        detail TEXT NOT NULL,
        model TEXT
    ) STRICT
    """,
    """
    CREATE TABLE draft_image (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES draft (conversation_id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        detail TEXT
    ) STRICT
    """,
    "CREATE INDEX draft_image_of_draft ON draft_image (conversation_id, id)",
    "CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)
