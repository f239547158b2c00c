"""The use case: one question, from the click to the stored and priced answer. Window and terminal drive it.

`ask.ask` is an async generator of `core.events.QuestionEvent`:

1. `spent.check_budget` lets it pass; `prepare.prepare_new` plans and encodes each new image with its edits
   (in worker processes) and stores the bytes.
2. The store keeps the question and an empty answer, in one transaction.
3. `prepare.image_parts` fetches the bytes of every carried image; `core.request` orders the turns.
4. The engine answers; what has come is checkpointed about once a second, without what only may be shown.
5. `billing.settle` turns usage into cost and each image's share; the store keeps the final answer and the
   request's rows of the ledger; `Finished` ends the generator.

Cancelling the task that iterates it stops a question: what had come is kept, and `Finished` still comes.

`rehearsal` builds the same request without a trace in the history: `counting` has the server count it,
`as_code` makes it a program. `exporting` writes tables, and `price_book` says what a model costs.

`exporting_conversations` writes conversations by way of `export_files`; `importing` brings them in from an
`archive_file`, which is checked to its last byte before.
"""
