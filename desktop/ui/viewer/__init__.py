"""One image, large: what is sent of it, what it costs, and the tools to change both.

`page` lays out toolbar, canvas and panel; `viewer_controller` fills them. What the panel says is computed by
`panel_state`, which is pure, and drawn by `panel`. Signals tell what the user does; nothing here knows the
gallery or a server.

The canvas is made in layers, each of which can be used without the next: `view_transform` (where the picture
lies), `items` and `tools` (what a gesture makes of `Edits`) and `editor` (the state of editing) are pure;
`levels`, `grid`, `found_layer` and `overlay` paint; `zoomable` is a widget that zooms, `display` shows the
page or what is sent, `editing` changes it, and `canvas` turns pointer and keys into all that. `tasks.marks`
paints marks here and in the sent bytes alike. `edit_history` is undo.
"""
