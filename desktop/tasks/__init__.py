"""Threads and signals: what the window may ask for, and how the results come back to it.

`backend.Backend` is all that the window sees. Each of its parts lives in the GUI thread, hands work to a
thread or a process, and tells the result by exactly one signal or callback:

- `questions` runs `asking.ask` on the network loop of `network`; a `RunningQuestion` tells how it goes.
- `gallery` scans folders, looks at files and makes thumbnails in worker processes.
- `workbench` brings the gallery back and keeps it, and tells what was asked about images.
- `reading` has viewed pages read on this computer, `reading_many` whole galleries in the background.
- `exchange` exports and imports conversations, on a thread of its own.
- `history` reads and writes the store; `keys` asks the keyring.
- `delivery` carries a Future's result into the GUI thread; it is the only bridge.
"""
