"""Conversations as Markdown, HTML and JSON: what is in them, what is not, and that files are whole."""

import base64
import json
import re
import stat
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from desktop.asking.exporting_conversations import export_conversations
from desktop.core.archive import ExportFormat, ExportWish
from desktop.core.file_names import file_stem, image_name, numbered
from desktop.core.model import AnswerState, Conversation
from desktop.core.problems import Code, ProblemError, problem
from desktop.export.archive_text import conversation_table
from desktop.export.html_page import POLICY
from desktop.export.html_text import answer_html
from desktop.store.private import Histories
from tests.helpers.archives import asked, export, follow, image_of, picture, put, rich, sent_of
from tests.helpers.history import NOON, answered, beginning, opened, question

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</title></style></section><iframe src=https://evil.example>",
    "[a](javascript:alert(1)) [b](file:///etc/passwd) [c](data:text/html,x) [d](//evil.example/x)",
    "![p](https://evil.example/p.png) ![q](file:///etc/passwd) ![r][r]\n\n[r]: https://evil.example/r.png",
    "<https://evil.example/auto> <javascript:alert(1)>",
    '```x" onmouseover=alert(1)\ncode </code></pre><script>\n```',
    "| <b>a</b> | `</td>` |\n|---|---|\n| <i>x</i> | y |",
    "> " * 100 + "deep",
    "&lt;script&gt; &#60;script&#62; \u202eevil\x00\x1b[31m",
    "<style>@import 'https://evil.example'</style><base href=https://evil.example><meta http-equiv=refresh>",
)
ALLOWED = frozenset(
    (
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "nav",
        "ol",
        "ul",
        "li",
        "a",
        "article",
        "header",
        "h1",
        "h2",
        "p",
        "div",
        "figure",
        "img",
        "figcaption",
        "section",
        "pre",
        "code",
        "span",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "blockquote",
        "footer",
        "strong",
        "em",
        "br",
    )
)


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in {"meta", "img", "br", "hr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _tag, key, value in self.attributes if key == name]


def html_of(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def test_markdown_has_the_branch_its_images_and_where_there_is_more(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        number = rich(store)
        done = export(store, tmp_path / "out" / "receipt.md", number)
        read = store.conversation(number).result()
    assert done.path == str(tmp_path / "out" / "receipt.md")
    text = (tmp_path / "out" / "receipt.md").read_text(encoding="utf-8")
    images = re.findall(r"!\[.*?\]\((images/\S+?)\)", text)
    assert [(tmp_path / "out" / name).read_bytes() for name in images] == [
        picture("red"),
        picture("blue", kind="JPEG"),
    ]
    assert [re.sub(r"-\w{8}\.", ".", name) for name in images] == [
        "images/receipt-1.png",
        "images/chart.jpg",
    ]
    for said in (
        "**$23.10**\n\n- [x] paid",
        "> What is the total? 总额是多少？",
        "### gpt-5-mini",
        "$0.0031",
        "1 other version",
        "Compared with",
        "right",
        "Be brief.",
        "`税`",
    ):
        assert said in text
    assert "And the tip?" not in text
    assert [m.text for m in read.messages][-1] in text


def test_several_conversations_become_a_folder_and_never_replace_one(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        for text in ("What?", "What?", "Con/aux: <x>"):
            asked(store, text, picture("red"))
        first = export(store, tmp_path / "out")
        second = export(store, tmp_path / "out")
    assert (first.path, second.path) == (str(tmp_path / "out"), str(tmp_path / "out (2)"))
    day = f"{NOON.astimezone():%Y-%m-%d}"
    assert sorted(p.name for p in (tmp_path / "out").glob("*.md")) == [
        f"{day} Con aux x.md",
        f"{day} What (2).md",
        f"{day} What.md",
    ]
    # The same picture is there once.
    assert len(list((tmp_path / "out" / "images").iterdir())) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "out", "out (2)"]


def test_html_is_one_file_that_fetches_and_runs_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        number = rich(store)
        export(store, tmp_path / "page.html", number)
    page = html_of(tmp_path / "page.html")
    assert page.open == []
    assert ("meta", "content", POLICY) in page.attributes
    assert POLICY.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    images = [value.partition(",")[2] for value in page.values("src")]
    assert [base64.b64decode(image) for image in images] == [picture("red"), picture("blue", kind="JPEG")]
    assert not {"script", "link", "iframe", "object", "base", "form"} & set(page.tags)
    assert page.values("href") == []
    for said in ("What is the total? 总额是多少？", "$23.10", "☑ paid", "Stopped", "right", "$0.0031"):
        assert said in page.text
    assert page.values("lang") == ["en"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_anybody_stays_text_in_html(tmp_path: Path, text: str) -> None:
    with opened(tmp_path / "data") as store:
        data = picture("red")
        put(store, data)
        image = image_of(data)
        image = replace(image, image=replace(image.image, name=text))
        begun = store.begin(beginning(question(text, image), title=text)).result()
        done = store.finish(answered(begun, text, model=text), ()).result()
        store._write(lambda c: c.execute("INSERT INTO tag VALUES (?, ?)", (done.id, text))).result()
        asked(store, text, answer=f"# {text}")
        export(store, tmp_path / "page.html")
    raw = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = Page(raw)
    assert page.open == []
    assert set(page.tags) <= ALLOWED
    assert not [name for _tag, name, _value in page.attributes if name.startswith("on")]
    for target in page.values("href"):
        assert target.startswith(("#c", "https://evil.example/"))
    assert all(value.startswith("data:image/png;base64,") for value in page.values("src"))
    assert "\x00" not in raw


def test_links_and_pictures_of_answers() -> None:
    page = Page(
        answer_html(HOSTILE[4] + "\n\n" + HOSTILE[5] + "\n\n[ok](https://example.org/a?b&c) <m@x.org>")
    )
    assert page.values("href") == ["https://example.org/a?b&c", "mailto:m@x.org"]
    assert "img" not in page.tags
    assert "[image: p]" in page.text
    assert "javascript:alert(1)" in page.text


def test_an_answer_of_two_million_characters_is_shown_as_it_was_written() -> None:
    text = "**x** " * 400_000
    assert answer_html(text) == f'<p class="plain" dir="auto">{text}</p>'


def test_json_has_every_branch_and_neither_paths_nor_what_is_private(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        rich(store)
        asked(store, "Which?")
        export(store, tmp_path / "all.json")
        export(store, tmp_path / "paths.json", full_paths=True)
    raw = (tmp_path / "all.json").read_text(encoding="utf-8")
    table = json.loads(raw)
    assert (table["format"], table["version"]) == ("sightline-json", 1)
    first, second = table["conversations"]
    assert len(first["messages"]) == 11
    assert second["title"] == "Which?"
    texts = [m["text"] for m in first["messages"]]
    assert "And the tip?" in texts
    assert "总额是多少" in raw
    # What must not leave this computer has a stand-in, here an empty one.
    assert "The t" not in texts
    answer = first["messages"][1]
    assert (answer["cost_usd"], answer["usage"]["charged_usd"]) == ("0.0031", "0.00310")
    (image, _other) = first["messages"][0]["attachments"]
    assert image["name"] == "receipt 1.jpg"
    for key in ('"path"', "/pictures", '"request"', '"origin"', '"camera"'):
        assert key not in raw
    assert '"path": "/pictures/receipt 1.jpg"' in (tmp_path / "paths.json").read_text(encoding="utf-8")


def test_a_problem_tells_no_folder(tmp_path: Path) -> None:
    trouble = problem(
        Code.DISK_FULL,
        folder="/home/anna smith/.local/share/sightline",
        reason="[Errno 2] No such file: '/home/anna/x.png'",
        message="either/or of https://api.example.org/v1",
    )
    with opened(tmp_path) as store:
        begun = store.begin(beginning(question("What?"))).result()
        store.finish(answered(begun, "", state=AnswerState.FAILED, problem=trouble), ()).result()
        archived = store.archived(begun.id).result()
    told = conversation_table(archived)["messages"][1]["problem"]["parameters"]
    assert told == {
        "folder": "sightline",
        "reason": "[Errno 2] No such file: 'x.png'",
        "message": "either/or of https://api.example.org/v1",
    }
    told = conversation_table(archived, full_paths=True)["messages"][1]["problem"]["parameters"]
    assert told == dict(trouble.parameters)


@pytest.mark.parametrize("name", ["all.sightline", "all.html", "all.json", "all.md", "folder"])
def test_what_ends_early_leaves_the_old_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    target = tmp_path / "out" / name
    target.parent.mkdir()
    if "." in name:
        target.write_text("old")
    with opened(tmp_path / "data") as store:
        asked(store, "What?", picture("red"), picture("blue"))
        if name != "all.md":
            asked(store, "Which?", picture("green"))
        steps: list[int] = []

        def step(done: int, of: int) -> None:
            steps.append(done)
            if len(steps) == (3 if name == "all.md" else 5):
                raise ProblemError(problem(Code.STOPPED))

        formats = {".sightline": "zip", ".html": "html", ".json": "json"}
        wish = ExportWish(format=ExportFormat(formats.get(target.suffix, "md")), target=target)
        if name == "all.json":
            # No images are fetched for it.
            steps += [0] * 3
        with pytest.raises(ProblemError):
            export_conversations(wish, store, step)
    assert [p.name for p in target.parent.iterdir()] == ([name] if "." in name else [])
    assert not target.exists() or target.read_text() == "old"


@pytest.mark.parametrize("name", ["all.sightline", "all.html", "all.json", "all.md", "folder"])
def test_a_folder_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with opened(tmp_path / "data") as store:
        asked(store)
        with pytest.raises(ProblemError) as caught:
            export(store, tmp_path / "file" / name)
    assert caught.value.problem.code is Code.FOLDER_READ_ONLY


def test_exported_files_are_private(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        asked(store, "What?", picture("red"))
        for name in ("all.sightline", "all.html", "all.json", "all.md"):
            export(store, tmp_path / name)
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_conversation_that_is_gone_is_said(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store, pytest.raises(ProblemError) as caught:
        export(store, tmp_path / "all.sightline", 99)
    assert caught.value.problem.code is Code.CONVERSATION_GONE
    assert not (tmp_path / "all.sightline").exists()


def test_one_that_is_deleted_meanwhile_does_not_keep_the_others(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        asked(store, "Which?")
        gone = asked(store, "What?").id

        def step(done: int, of: int) -> None:
            if done == 0:
                store.delete(gone).result()

        wish = ExportWish(format=ExportFormat.JSON, target=tmp_path / "all.json")
        assert export_conversations(wish, store, step).conversations == 1
    (left,) = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["conversations"]
    assert left["title"] == "Which?"


def test_a_private_conversation_leaves_only_when_it_is_named(tmp_path: Path) -> None:
    store = Histories(tmp_path / "data")
    store.open().result()
    try:
        asked(store, "Which?")
        private = asked(store.for_conversation(Conversation(private=True)), "A secret?", picture("red"))
        export(store, tmp_path / "all.json")
        export(store, tmp_path / "one.html", private.id)
    finally:
        store.close()
    assert "secret" not in (tmp_path / "all.json").read_text(encoding="utf-8")
    page = html_of(tmp_path / "one.html")
    assert "A secret?" in page.text
    assert [base64.b64decode(v.partition(",")[2]) for v in page.values("src")] == [picture("red")]


def test_progress_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        follow(store, asked(store, "What?", picture("red")), "And?")
        asked(store)
        steps: list[tuple[int, int]] = []
        wish = ExportWish(format=ExportFormat.HTML, target=tmp_path / "all.html")
        export_conversations(wish, store, lambda done, of: steps.append((done, of)))
    assert steps[0] == (0, 2)
    assert steps[-1] == (2, 2)
    assert steps == sorted(steps)


def test_names_of_files_are_readable_and_safe() -> None:
    assert file_stem("What is the total?", "x") == "What is the total"
    assert file_stem(" ../..\\evil:  name. ", "x") == "evil name"
    assert file_stem("总额是多少？" * 100, "x").startswith("总额是多少")
    assert len(file_stem("总额" * 100, "x").encode()) <= 150
    assert file_stem("con", "x") == "_con"
    assert file_stem("COM1.txt", "x") == "_COM1.txt"
    assert file_stem("…?\n", "x") == "x"
    assert file_stem("\u202egnp.exe", "x") == "gnp.exe"
    sent = sent_of(picture("red"))
    assert image_name("my (first) receipt.JPEG", sent) == f"my-first-receipt-{sent.sha256[:8]}.png"
    assert image_name("../../x", sent) == f"x-{sent.sha256[:8]}.png"
    assert image_name("收据 1.heic", sent) == f"收据-1-{sent.sha256[:8]}.png"
    taken: set[str] = set()
    assert [numbered(name, taken) for name in ("a", "A", "b", "a")] == ["a", "A (2)", "b", "a (3)"]


def test_moments_of_versions_do_not_mix(tmp_path: Path) -> None:
    """A conversation without a branch at hand is shown to its newest end."""
    with opened(tmp_path / "data") as store:
        done = follow(store, asked(store, "What?"), "And?")
        store._write(lambda c: c.execute("UPDATE conversation SET leaf_id = NULL")).result()
        archived = store.archived(done.id).result()
        assert [m.message.text for m in archived.branch()] == ["What?", "This.", "And?", "More."]
        assert archived.messages[2].message.created_at == NOON + timedelta(minutes=1)
