"""Images at hand, as the gallery keeps them."""

from pathlib import Path
from typing import Any

from desktop.core.edits import Area, Edits
from desktop.core.gallery_items import GalleryItem
from desktop.core.model import Detail
from desktop.store.store import Store

BLACKED_OUT = Edits(blackouts=(Area(10, 10, 60, 40),))


def item(file: int = 1, page: int = 0, **changes: Any) -> GalleryItem:
    """One image."""
    return GalleryItem(**{"file": file, "page": page, "path": Path(f"/pictures/{file}.jpg"), **changes})


def everything(file: int = 1, page: int = 3) -> GalleryItem:
    """One image of which everything is told."""
    return item(
        file,
        page,
        path=Path("/pictures/\udcff\udcfe nü 图.pdf"),
        detail=Detail.LOW,
        edits=BLACKED_OUT,
        edited_sha256="ab" * 32,
        url="https://example.org/a.pdf?b=c&d",
        as_link=True,
        once=True,
    )


def spoil(store: Store, file: int, **columns: object) -> None:
    """Damage the row of a file, as nothing of ours does."""
    for name, value in columns.items():
        store._write(
            lambda c, name=name, value=value: c.execute(  # type: ignore[misc]
                f"UPDATE gallery_item SET {name} = ? WHERE file = ?", (value, file)
            )
        ).result()
