"""The prompt library's window: the prompts on the left, the chosen one on the right.

`dialog` shows a `Library` and tells each new one by a signal; `editor` writes one prompt and shows it filled.
`ui.prompts_controller` keeps what is told, reads and writes files, and
puts prompts into the box.
"""
