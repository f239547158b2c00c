"""The window: widgets that show state and tell what the user wants. Nothing here reads, decodes or waits.

- `workspace` is the state of the window (conversation at hand, gallery, selection, model, detail, running question); it
  talks to `tasks` and tells the widgets what to show.
- `main_window` places the panels: `history`, `gallery`, `conversation`, `composer`; `settings` holds the dialogs.
- A widget takes frozen values through ``show_…`` methods and emits signals; it never knows a task, a store or an engine.
- `theme` is the only place for colours, spacing, fonts and icons; `messages` the only place that shows a problem;
  `links` the only place that opens an address.
"""
