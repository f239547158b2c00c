"""The window: widgets that show state and tell what the user wants. Nothing here reads, decodes or waits.

- `gallery_state`, `conversation_state` and `choice` are the window's state: the images at hand, the
  conversation at hand with the answers being written, the model and the detail. They talk to `tasks`.
- Panels (`history`, `gallery`, `conversation`, `composer`) and dialogs (`settings`) take frozen values and
  emit signals; a panel never knows a task, a store or an engine.
- A controller (`…_controller`) joins one panel and the state; `composing` computes what the composer shows.
- `main_window` places the panels and says which controller is told what.
- `theme` is the only place for colours, spacing, fonts and icons; `messages` the only place that shows a
  problem; `links` the only place that opens an address.
"""
