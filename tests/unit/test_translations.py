"""The catalogues hold exactly what the sources mark, completely, with every placeholder kept."""

import ast
import importlib.util
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from desktop.core import text
from desktop.core.presets import PRESETS
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, problem
from desktop.engines.on_device.intent import read_intent
from desktop.system import resources

ROOT = Path(__file__).resolve().parents[2]
PERCENT = re.compile(r"%(?:\(\w+\))?[sdr]")
SHORTCUT = re.compile(r"(?:Ctrl|Shift)\+\w+|\bEsc\b")
HAN = r"[\u4e00-\u9fff]"
# Where an English text ends in one of these, a Chinese one ends in its own form of it.
ENDINGS = {".": "。", "?": "？", ":": "：", "…": "…"}
ABBREVIATION = re.compile(r"\bno\.$")


def load(name: str) -> ModuleType:
    """A module of packaging/, which is a folder of scripts and no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


translate = load("translate")
translations = load("translations")

EXTRACTED: Catalog = translate.extract(ROOT)
CATALOGUES: dict[str, Catalog] = translate.catalogues(ROOT)
LANGUAGES = sorted(CATALOGUES)


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def ids(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {m.id if isinstance(m.id, str) else tuple(m.id) for m in messages(catalogue)}


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def placeholders(form: str) -> list[str]:
    named = [name for _literal, name, _spec, _conversion in Formatter().parse(form) if name is not None]
    return sorted([*named, *PERCENT.findall(form)])


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """The English text (of a plural the last form) and each form of its translation."""
    for message in messages(CATALOGUES[language]):
        for form in forms(message.string):
            yield forms(message.id)[-1], form


@pytest.fixture
def chinese() -> Iterator[None]:
    """The words are Chinese, from the compiled catalogue as the window loads it."""
    translations.compile_stale(ROOT)
    text.install(resources.load_translations("zh_CN"))
    yield
    text.install(resources.load_translations("en"))


# the catalogues


def test_chinese_is_there() -> None:
    assert LANGUAGES == ["zh_CN"]
    assert set(resources.available_languages()) == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_the_marked_strings(language: str) -> None:
    there, marked = ids(CATALOGUES[language]), ids(EXTRACTED)
    assert sorted(map(str, marked - there)) == [], "missing: run packaging/translate.py update, and translate"
    assert sorted(map(str, there - marked)) == [], "no longer marked: run packaging/translate.py update"
    assert list(CATALOGUES[language].obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_complete_and_nothing_in_it_is_a_guess(language: str) -> None:
    assert translate.untranslated(CATALOGUES[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_as_many_forms_as_the_language_has_plurals(language: str) -> None:
    catalogue = CATALOGUES[language]
    for message in messages(catalogue):
        expected = catalogue.num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == expected, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_english_text(language: str) -> None:
    wrong = [
        (english, form) for english, form in pairs(language) if placeholders(form) != placeholders(english)
    ]
    assert wrong == []


def test_the_template_is_that_of_the_sources() -> None:
    with (ROOT / "resources/translations/sightline.pot").open("rb") as source:
        assert ids(read_po(source)) == ids(EXTRACTED), "run packaging/translate.py update"


@pytest.mark.parametrize(
    "name", ["sightline.pot", *(f"{lang}/LC_MESSAGES/sightline.po" for lang in LANGUAGES)]
)
def test_the_files_hold_no_dates_no_line_numbers_and_no_places_of_a_machine(name: str) -> None:
    written = (ROOT / "resources/translations" / name).read_text("utf-8")
    assert not re.search(r"-Date:|\.py:\d|Generated-By|/home/|/root/|/tmp/", written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_compiles_to_what_is_written(language: str, tmp_path: Path) -> None:
    po = tmp_path / language / "LC_MESSAGES" / "sightline.po"
    po.parent.mkdir(parents=True)
    po.write_bytes(translate.catalogue_path(ROOT, language).read_bytes())
    mo = translations.compile_catalogue(po)
    with mo.open("rb") as compiled:
        assert ids(read_mo(compiled)) == ids(CATALOGUES[language])


# what is marked, found without Babel


def test_no_marked_string_escapes_extraction() -> None:
    """Babel reads tokens and leaves out calls inside f-strings, and arguments that are no literals."""
    extracted = {form for message in messages(EXTRACTED) for form in forms(message.id)}
    for path in sorted((ROOT / "desktop").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in translate.KEYWORDS
            ):
                for argument in node.args[:2]:
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        assert argument.value in extracted, place
                    assert not isinstance(argument, ast.JoinedStr), place
                    if node.func.id == "marked":
                        assert isinstance(argument, ast.Constant), place


# the update


def test_a_string_that_is_new_in_the_sources_is_found_missing(tmp_path: Path) -> None:
    root = project(tmp_path, 'print(_("Close"), _("A new sentence with {name}."))')
    translate.update(root)
    (catalogue,) = translate.catalogues(root).values()
    assert ids(catalogue) == {"Close", "A new sentence with {name}."}
    assert translate.untranslated(catalogue) == ["A new sentence with {name}."]


def test_an_update_keeps_translations_and_the_glossary_and_changes_nothing_twice(tmp_path: Path) -> None:
    root = project(tmp_path, 'print(_("Close"))')
    translate.update(root)
    path = translate.catalogue_path(root, "zh_CN")
    once = path.read_text("utf-8")
    translate.update(root)
    assert path.read_text("utf-8") == once
    assert "# 用语" in once
    assert 'msgstr "关闭"' in once


def project(root: Path, source: str) -> Path:
    (root / "desktop").mkdir()
    (root / "desktop" / "module.py").write_text(source, "utf-8")
    path = translate.catalogue_path(root, "zh_CN")
    path.parent.mkdir(parents=True)
    path.write_bytes(translate.catalogue_path(ROOT, "zh_CN").read_bytes())
    return root


# how Chinese is written


def test_chinese_sentences_end_as_the_english_ones_do() -> None:
    for english, chinese in pairs("zh_CN"):
        ending = None if ABBREVIATION.search(english) else ENDINGS.get(english[-1])
        if ending is not None:
            assert chinese.endswith(ending), english
        else:
            assert not chinese.endswith(("。", "？", ".")), english


def test_chinese_has_a_space_before_and_after_latin_words_and_digits() -> None:
    close = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}")
    assert [chinese for _english, chinese in pairs("zh_CN") if close.search(chinese)] == []


def test_chinese_uses_its_own_marks() -> None:
    foreign = re.compile(rf"{HAN}[,.;:?!\"']|\"|''|——|\.\.\.")
    assert [chinese for _english, chinese in pairs("zh_CN") if foreign.search(chinese)] == []


def test_shortcuts_are_not_translated() -> None:
    for english, chinese in pairs("zh_CN"):
        assert SHORTCUT.findall(chinese) == SHORTCUT.findall(english), english


# what a person reads


def test_the_window_and_the_terminal_load_the_compiled_words(chinese: None) -> None:
    assert text._("New conversation") == "新对话"
    assert text.ngettext("{count} image", "{count} images", 1).format(count=1) == "1 张图片"


def test_a_problem_is_one_chinese_sentence_after_the_other_without_gaps(chinese: None) -> None:
    said = sentence(problem(Code.IMAGE_EMPTY, name="a.png"))
    assert said == "“a.png”是空文件。请重新复制或下载。"


def test_a_list_has_the_comma_of_lists(chinese: None) -> None:
    assert text.join_list(("PNG", "", "JPEG", "GIF")) == "PNG、JPEG、GIF"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_the_reader_does_for_a_chinese_prompt_what_it_does_for_the_english_one(
    preset: object, chinese: None
) -> None:
    prompt = preset.prompt  # type: ignore[attr-defined]
    assert read_intent(text._(prompt)) == read_intent(prompt)


def run(*arguments: str, language: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", *arguments],
        cwd=ROOT,
        env={"PATH": "", "LC_ALL": "C.UTF-8", "LANGUAGE": language},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("arguments", [("estimate", "--help"), ("ask", "--help"), ("estimate",)])
def test_the_terminal_speaks_chinese_throughout(arguments: tuple[str, ...], chinese: None) -> None:
    done = run(*arguments, language="zh_CN:en")
    said = done.stdout + done.stderr
    assert "sightline" in said
    assert re.search(HAN, said)
    # Options, placeholders and names stay; a sentence would be four Latin words in a row.
    assert not re.search(r"(?:\b[a-z]+\b ){3}[a-z]+", said)


def test_the_terminal_speaks_english_to_those_who_read_no_chinese() -> None:
    done = run("estimate", "--help", language="fr")
    assert "how closely the model looks" in done.stdout
    assert not re.search(HAN, done.stdout)


def test_a_fuzzy_guess_is_never_shown(tmp_path: Path) -> None:
    po = tmp_path / "zh_CN" / "LC_MESSAGES" / "sightline.po"
    po.parent.mkdir(parents=True)
    po.write_text('#, fuzzy\nmsgid "Close"\nmsgstr "开"\n\nmsgid "Add"\nmsgstr "添加"\n', "utf-8")
    compiled = translations.compile_catalogue(po).read_bytes()
    assert ids(read_mo(io.BytesIO(compiled))) == {"Add"}
