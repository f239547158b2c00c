"""The capture overlay: frozen pictures of all screens, from which a part is chosen, marked and asked about.

`overlays.CaptureOverlays` shows a `screen_window.ScreenWindow` over each screen. What the pointer and the
keys choose is a `choosing.Choice`; what is drawn on it are `core.edits.Edits` in the hands of the viewer's
`Editor` (`marking`). One `panel.Panel` follows the region with tools, prompt and price. It ends in exactly
one signal, with a `captured.Captured` or with nothing.
"""
