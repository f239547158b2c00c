"""Values and rules: what an image costs, what is sent, what a conversation is.

Nothing here reads a file, starts a thread or knows Qt. Data flows through in this order:

- `catalog` holds the models and their token rules, read once by ``system.resources``.
- `image_tokens` computes the tokens of one image, `planning` the pixels to send, `pricing` money, `estimate`
  the line below the prompt, `limits` what a request may hold.
- `model` is what is stored and shown (conversations, messages, attachments), `request` what an engine is
  asked, `events` what engines and questions tell while they run.
- `settings`, `credentials`, `presets` and `prompts` are what the user sets, types and picks;
  `prompt_filling` fills variables, `prompt_table` reads and writes prompts and merges files of them.
- `problems` names everything that can go wrong; `problem_text` puts it into the words of `sentences`; `text`
  turns prices and sizes into words.
"""
