"""What leaves Sightline as text: a request as code, spending as a table, conversations.

Pure functions from values to text: whoever asks for it writes the file or fills the clipboard. Nothing here
sees a key, or where a picture was taken.

- `code` makes a request runnable: with curl, or with the ``openai`` package.
- `table` makes CSV of what was spent.
- `archive_text` makes JSON of conversations and says what its keys are; `archive_values` reads it again, with
  `fields` and `picture_head`, and believes nothing.
- `markdown_text` and `html_page` show the branch at hand in the same `words`; `html_text` renders answers,
  and `html_style` is their look.
"""
