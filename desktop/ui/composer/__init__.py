"""What the next request carries, the prompt, and what it will cost.

`workspace` makes a frozen `ComposerState` and gives it to `Composer.show_state`. The composer shows it:
`chips` the images, `prompt_box` the text with its variables (`variable_marks`), `tool_row` the choices,
`prompt_popup` the Prompts menu, `estimate_row` the price. Signals tell what the user wants.
"""
