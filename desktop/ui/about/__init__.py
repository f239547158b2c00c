"""About Sightline: what it is, which version, and what others have made of it, with their licences.

`dialog` shows what `tasks.about` has read; `component_list` is the list with its search field.
"""
