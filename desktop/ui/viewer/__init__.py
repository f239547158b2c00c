"""One image, large: what is sent of it, what it costs, and the tools to change both.

`page` lays out toolbar, canvas and panel; `viewer_controller` fills them. What the panel says is computed by
`panel_state`, which is pure, and drawn by `panel`. Signals tell what the user does; nothing here knows the
gallery or a server.
"""
