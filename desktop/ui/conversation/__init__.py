"""Questions and answers.

`transcript` shows a `Conversation` and follows the running answer: a `bubble` for each question, an `answer`
for each answer. They are `rows` of a `row_view`, which builds what is near the eye and lets go of the rest.

An answer's Markdown goes one way: `splitting` cuts off what is finished, `markdown` parses and escapes,
`leaves` makes paragraphs, code and tables of it, each a `piece` that is laid out and painted by itself in a
`text_view`; `rich` writes the same for other programs. `selecting` and `find_in_rows` go across messages.

`header` has the title and the model picker, `empty` what stands there before the first question.
"""
