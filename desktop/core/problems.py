"""Everything that can go wrong, as codes with parameters. `problem_text` turns them into sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from desktop.core.compat import override


class Code(StrEnum):
    """One kind of trouble. Its parameters are named in `core.sentences`, beside its words."""

    # Images
    IMAGE_MISSING = "image_missing"
    IMAGE_UNREADABLE = "image_unreadable"
    IMAGE_NOT_A_FILE = "image_not_a_file"
    IMAGE_EMPTY = "image_empty"
    IMAGE_NOT_AN_IMAGE = "image_not_an_image"
    IMAGE_UNSUPPORTED = "image_unsupported"
    IMAGE_DAMAGED = "image_damaged"
    IMAGE_TOO_MANY_PIXELS = "image_too_many_pixels"
    IMAGE_TOO_MANY_BYTES = "image_too_many_bytes"
    IMAGE_TOO_SLOW = "image_too_slow"
    IMAGE_CRASHED_DECODER = "image_crashed_decoder"
    IMAGE_CHANGED = "image_changed"
    IMAGE_REJECTED_BY_MODEL = "image_rejected_by_model"
    PDF_LOCKED = "pdf_locked"
    PDF_HAS_NO_PAGES = "pdf_has_no_pages"
    PAGE_MISSING = "page_missing"
    FILE_NOT_NAMED_AS_IMAGE = "file_not_named_as_image"
    FILE_HIDDEN = "file_hidden"
    LINK_LEADS_NOWHERE = "link_leads_nowhere"
    FOLDER_SEEN = "folder_seen"
    WATCHED_FOLDER_MISSING = "watched_folder_missing"
    NAME_TAKEN = "name_taken"
    NAME_NOT_POSSIBLE = "name_not_possible"
    NOT_RENAMED = "not_renamed"
    NO_BIN = "no_bin"
    NOT_BINNED = "not_binned"
    NOT_PUT_BACK = "not_put_back"
    NOT_COPIED = "not_copied"
    LINK_INVALID = "link_invalid"
    LINK_PRIVATE = "link_private"
    LINK_TOO_LARGE = "link_too_large"
    LINK_NOT_AN_IMAGE = "link_not_an_image"
    LINK_IS_A_PAGE = "link_is_a_page"
    LINK_LOOPS = "link_loops"
    LINK_REFUSED = "link_refused"
    LINK_CUT = "link_cut"
    FOLDER_UNREADABLE = "folder_unreadable"
    NOTHING_FOUND = "nothing_found"
    # Conversations that come in
    ARCHIVE_UNREADABLE = "archive_unreadable"
    ARCHIVE_NOT_ONE = "archive_not_one"
    ARCHIVE_NEWER = "archive_newer"
    ARCHIVE_DAMAGED = "archive_damaged"
    ARCHIVE_UNSAFE = "archive_unsafe"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    # What is asked
    TOO_MANY_IMAGES = "too_many_images"
    REQUEST_TOO_LARGE = "request_too_large"
    NO_IMAGE = "no_image"
    DETAIL_NOT_OFFERED = "detail_not_offered"
    MARKS_NOT_PAINTED = "marks_not_painted"
    BUDGET_REACHED = "budget_reached"
    SCHEMA_INVALID = "schema_invalid"
    COUNT_NOT_OFFERED = "count_not_offered"
    NOT_SENT = "not_sent"
    TITLE_NOT_OFFERED = "title_not_offered"
    # The key
    KEY_MISSING = "key_missing"
    KEY_EMPTY = "key_empty"
    KEY_MULTI_LINE = "key_multi_line"
    KEY_NOT_ASCII = "key_not_ascii"
    KEY_HAS_SPACES = "key_has_spaces"
    KEY_TOO_SHORT = "key_too_short"
    KEY_IS_AN_ADDRESS = "key_is_an_address"
    KEY_IS_MASKED = "key_is_masked"
    KEYRING_ABSENT = "keyring_absent"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_FAILED = "keyring_failed"
    KEYRING_TIMED_OUT = "keyring_timed_out"
    KEYRING_LOST_THE_KEY = "keyring_lost_the_key"
    URL_INVALID = "url_invalid"
    URL_NOT_ENCRYPTED = "url_not_encrypted"
    # The connection
    NO_CONNECTION = "no_connection"
    HOST_NOT_FOUND = "host_not_found"
    CONNECTION_REFUSED = "connection_refused"
    TLS_FAILED = "tls_failed"
    PROXY_FAILED = "proxy_failed"
    TIMED_OUT = "timed_out"
    STREAM_STALLED = "stream_stalled"
    STREAM_CUT = "stream_cut"
    REDIRECTED = "redirected"
    # What the server said
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    MODEL_NOT_FOUND = "model_not_found"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    QUOTA_USED_UP = "quota_used_up"
    SERVER_ERROR = "server_error"
    SERVER_OVERLOADED = "server_overloaded"
    BAD_REQUEST = "bad_request"
    IMAGE_REFUSED = "image_refused"
    SCHEMA_NOT_TAKEN = "schema_not_taken"
    SCHEMA_REFUSED = "schema_refused"
    PAYLOAD_TOO_LARGE = "payload_too_large"
    CONTEXT_TOO_LONG = "context_too_long"
    CONTENT_FILTERED = "content_filtered"
    NOT_THE_PROTOCOL = "not_the_protocol"
    ANSWER_TOO_LONG = "answer_too_long"
    ENDED_EARLY = "ended_early"
    LENGTH_LIMIT = "length_limit"
    EMPTY_ANSWER = "empty_answer"
    NO_PRICE_TABLE = "no_price_table"
    # Pictures of the screen
    CAPTURE_IMPOSSIBLE = "capture_impossible"
    CAPTURE_NOT_HERE = "capture_not_here"
    CAPTURE_REFUSED = "capture_refused"
    CAPTURE_TIMED_OUT = "capture_timed_out"
    CAPTURE_FAILED = "capture_failed"
    CAPTURE_NOT_KEPT = "capture_not_kept"
    CAPTURE_NOT_SAVED = "capture_not_saved"
    SHORTCUT_TAKEN = "shortcut_taken"
    SHORTCUT_NOT_OFFERED = "shortcut_not_offered"
    SHORTCUT_REFUSED = "shortcut_refused"
    SHORTCUT_UNUSABLE = "shortcut_unusable"
    # This computer
    READER_MISSING = "reader_missing"
    READER_CRASHED = "reader_crashed"
    READER_TAKES_NO_SCHEMA = "reader_takes_no_schema"
    DISK_FULL = "disk_full"
    FOLDER_READ_ONLY = "folder_read_only"
    DATABASE_LOCKED = "database_locked"
    DATABASE_DAMAGED = "database_damaged"
    DATABASE_SALVAGED = "database_salvaged"
    DATABASE_NEWER = "database_newer"
    NOTHING_STORED = "nothing_stored"
    STORED_IMAGE_MISSING = "stored_image_missing"
    CONVERSATION_GONE = "conversation_gone"
    ALREADY_OPEN = "already_open"
    WINDOW_SILENT = "window_silent"
    SETTINGS_DAMAGED = "settings_damaged"
    PROMPTS_DAMAGED = "prompts_damaged"
    PROMPTS_NOT_READ = "prompts_not_read"
    PROMPTS_TOO_LARGE = "prompts_too_large"
    PROMPTS_NOT_A_LIST = "prompts_not_a_list"
    STOPPED = "stopped"
    # How the last run ended, and faults of this one
    CRASHED = "crashed"
    CRASHED_AT_START = "crashed_at_start"
    WAS_KILLED = "was_killed"
    COMPUTER_WENT_OFF = "computer_went_off"
    DISPLAY_WAS_LOST = "display_was_lost"
    FAULT_INSIDE = "fault_inside"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Problem:
    """A code and what its sentence needs.

    Parameters are plain text, shown as such; never a key, never a trace.
    """

    code: Code
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    @override
    def __reduce__(self) -> tuple[type["Problem"], tuple[Code, dict[str, str | int]]]:
        return Problem, (self.code, dict(self.parameters))

    @override
    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.parameters.items(), key=str))))


def problem(code: Code, **parameters: str | int) -> Problem:
    """A problem with read-only parameters."""
    return Problem(code, MappingProxyType(parameters))


class ProblemError(Exception):
    """The only exception that lower rooms raise on purpose: it carries the problem to where it is shown."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem

    @override
    def __str__(self) -> str:
        return f"{self.problem.code} {dict(self.problem.parameters)}"
