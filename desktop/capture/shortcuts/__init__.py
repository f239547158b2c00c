"""One shortcut that works whatever program has the keyboard.

`global_shortcut.GlobalShortcut.use` reads the keys (`keys`) and gives them to the first way of `ways.WAYS`
that works here: XGrabKey (`x11`), the GlobalShortcuts portal over D-Bus (`portal`, `bus`), RegisterHotKey of
Windows (`windows`), or Carbon of macOS (`macos`). A way tells by its signals that the keys were pressed, or
why it cannot; nothing polls and nothing waits: sockets wake Qt's loop.
"""
