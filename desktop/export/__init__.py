"""What leaves Sightline as text: a request as code, spending as a table.

Pure functions from values to text: whoever asks for it writes the file or fills the clipboard. Nothing here
sees a key, or where a picture was taken.

- `code` makes a request runnable: with curl, or with the ``openai`` package.
- `table` makes CSV of what was spent.
"""
