"""Version 3: the gallery comes back, read text is kept, folders are watched, images may go as links."""

STATEMENTS = (
    # One row for each image at hand. `file` numbers the files in the order in which they were added; pages of
    # one file share it. `edited_sha256` is the hash of the file that the edits were made for.
    """
    CREATE TABLE gallery_item (
        file INTEGER NOT NULL,
        page INTEGER NOT NULL,
        path BLOB NOT NULL,
        detail TEXT,
        edits TEXT NOT NULL DEFAULT '',
        edited_sha256 TEXT,
        url TEXT,
        as_link INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (file, page)
    ) STRICT, WITHOUT ROWID
    """,
    # What the reader on this computer found on a page, by `ImageFacts.source_id`.
    "CREATE TABLE found_text (source_id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE watched_folder (path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
    # The address that was sent in place of the bytes, where the user wanted that.
    "ALTER TABLE attachment ADD COLUMN url TEXT",
    # So that what was asked about an image is found in the indexes alone.
    "CREATE INDEX usage_image_of_attachment ON usage_image (attachment_id, usage_id, cost_usd)",
    "DROP INDEX attachment_of_source",
    "CREATE INDEX attachment_of_source ON attachment (source_sha256, source_page, message_id)",
)
