"""The reader on this computer: an engine without a network that reads text, codes and facts, no more.

One question flows through in this order:

- `intent` finds by keywords what is asked, and which part of it needs a model.
- `engine` gives the images one after the other to `process`, which runs `reader` in a process of its own:
  RapidOCR for text, put into reading order by `layout`, zxing-cpp for codes; `compare` for what differs
  between images.
- `amounts` looks for lines with prices and a total that they add up to.
- `wording` makes Markdown from these findings, in the language of the window.
"""
