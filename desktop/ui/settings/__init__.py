"""Dialogs for the key and the settings. They check the form of what is typed; what follows is not theirs.

`key_dialog` asks for a key and offers to test it, `settings_dialog` shows `desktop.core.settings.Settings`
and emits the whole of it at each change, `rows` places label and control beside each other.
"""
