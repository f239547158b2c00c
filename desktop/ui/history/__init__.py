"""The history: conversations by day.

`days.sections` groups summaries, `model` turns them into rows, `delegate` paints the visible ones, `view`
turns clicks and keys into wishes, `panel` adds a button for a new conversation and the settings. Nothing is
opened or deleted here: signals of `panel.HistoryPanel` say what is wanted.
"""
