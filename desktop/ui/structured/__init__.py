"""Answers that are data: their table, the schema that asks for it, and the places on an image that they name.

Widgets take frozen values of `core` and emit signals. `answer_table.AnswerTableView` shows an
`AnswerTable`; `schema_dialog.SchemaDialog` chooses or writes an `AnswerSchema`; `places_chip.PlacesChip`
leads to the viewer. What is long is computed by `tasks.shaping`, not here.
"""
