"""Values and rules: what an image costs, what is sent, what a conversation is.

Nothing here reads a file, starts a thread or knows Qt. Data flows through in this order:

- `catalog` holds the models and their token rules, read once from ``resources/models.toml`` by ``system.resources``.
- `image_tokens` computes the tokens of one image, `planning` the pixels to send, `pricing` money, `estimate` the line
  below the prompt.
- `model` is what is stored and shown (conversations, messages, attachments), `request` what an engine is asked,
  `events` what engines and questions tell while they run.
- `problems` names everything that can go wrong; `text` turns these names, prices and sizes into words.
"""
