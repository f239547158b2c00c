"""Windows that nobody can tell, or that are told in an odd way, spoil no picture."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.capture.surroundings import Surroundings
from desktop.capture.windows import NO_WINDOWS, open_windows
from desktop.capture.windows_sway import windows_in
from desktop.core.edits import Area

RECT = {"x": 10, "y": 40, "width": 300, "height": 200}


def window(name: Any, **more: Any) -> dict[str, Any]:
    shown = {"pid": 1, "visible": True, "rect": RECT, "deco_rect": {"height": 20}, "type": "con"}
    return {**shown, "name": name, "nodes": [], "floating_nodes": [], **more}


def test_a_server_that_is_not_there_tells_no_windows(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DISPLAY", ":9999")
    assert open_windows(Surroundings(system="linux", qt_platform="xcb")) is NO_WINDOWS
    assert "not known" in caplog.text


def test_sways_tree_is_read_from_the_top() -> None:
    tree = {
        "nodes": [window("tiled"), window("focused", focused=True), window("hidden", visible=False)],
        "floating_nodes": [window("floating", type="floating_con"), window("full", fullscreen_mode=1)],
    }
    told = windows_in(tree)
    assert [one.title for one in told.windows] == ["full", "floating", "focused", "tiled"]
    assert told.active_title == "focused"
    # The title bar is above the rectangle, but not on a whole screen.
    assert told.windows[0].area == Area(10, 40, 310, 240)
    assert told.windows[1].area == Area(10, 20, 310, 240)


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["nodes", "floating_nodes", "rect", "deco_rect", "pid", "visible", "name", "x", "type"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)

boxes = anything | st.fixed_dictionaries(dict.fromkeys(RECT, st.integers(-9, 9) | st.floats() | st.text()))


@given(tree=anything, name=anything, rect=boxes)
def test_whatever_sway_tells_is_windows_or_nothing(tree: Any, name: Any, rect: Any) -> None:
    whole = {"nodes": [tree, window(name), window("x", rect=rect), {**window("y"), "deco_rect": rect}]}
    told = windows_in(json.loads(json.dumps(whole)))
    for one in told.windows:
        assert one.title.isprintable()
        assert one.area.left < one.area.right
        assert one.area.top < one.area.bottom
