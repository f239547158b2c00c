"""What is said about every problem, by where it comes from; `problem_text` fills and translates it.

- `row` is the shape of one entry, with the button that a window may offer and the terminal's exit status.
- `images`, `files`, `links`, `capture`, `question`, `connection`, `server` and `computer` hold the
  entries, one for each code of `problems.Code`.
"""
