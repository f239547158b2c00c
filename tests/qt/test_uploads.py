"""Encoding ahead of the question: one image after the other, and only what is still selected."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail, ImageFacts, SentImage
from desktop.core.planning import ImagePlan
from desktop.core.problems import Code, Problem, problem
from desktop.core.request import NewImage
from desktop.tasks.gallery import GalleryTasks
from desktop.ui.uploads import Uploads
from tests.helpers.asking import CATALOG

MODEL = CATALOG.model("gpt-4.1")


class Encoder:
    """Stands for the workers: each image is done when the test says so."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.ends: list[tuple[Callable[[SentImage], None], Callable[[Problem], None]]] = []

    def encode(
        self,
        new: NewImage,
        _plan: ImagePlan,
        *,
        lossless: bool,
        succeeded: Callable[[SentImage], None],
        failed: Callable[[Problem], None],
    ) -> None:
        assert not lossless
        self.names.append(new.image.name)
        self.ends.append((succeeded, failed))


def image(name: str) -> NewImage:
    facts = ImageFacts(
        path=Path(name),
        name=name,
        sha256=name * 64,
        file_bytes=1,
        modified_ns=1,
        format="PNG",
        width_px=300,
        height_px=200,
    )
    return NewImage(image=facts, detail=Detail.HIGH)


def sent() -> SentImage:
    return SentImage(sha256="0" * 64, media_type="image/png", width_px=300, height_px=200, size_bytes=77)


def test_the_viewer_waited_behind_two_dozen_images_encoded_ahead(qtbot: QtBot) -> None:
    encoder, parent = Encoder(), QObject()
    uploads = Uploads(cast("GalleryTasks", encoder), lambda: None, parent)
    a, b, c = images = image("a"), image("b"), image("c")
    uploads.encode(images, MODEL)
    assert encoder.names == ["a"]
    encoder.ends[0][0](sent())
    assert encoder.names == ["a", "b"]
    assert uploads.sizes(images, MODEL) == {a.key: 77}

    encoder.ends[1][1](problem(Code.IMAGE_CHANGED, name="b"))
    assert encoder.names == ["a", "b", "c"], "one that fails holds nothing up"
    uploads.encode([b, c], MODEL)
    assert encoder.names == ["a", "b", "c"], "none is tried twice"


def test_images_that_were_unselected_meanwhile_are_not_encoded(qtbot: QtBot) -> None:
    encoder, parent = Encoder(), QObject()
    uploads = Uploads(cast("GalleryTasks", encoder), lambda: None, parent)
    uploads.encode([image("a"), image("b")], MODEL)
    uploads.encode([image("d")], MODEL)
    encoder.ends[0][0](sent())
    assert encoder.names == ["a", "d"]
