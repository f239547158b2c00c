"""Questions and answers.

`transcript` shows a `Conversation` and follows the running answer: a `bubble` for each question, an
`answer` for each answer, whose text goes through `markdown` (the only render path) into `answer_view`.
`header` has the title and the model picker, `empty` what stands there before the first question.
"""
