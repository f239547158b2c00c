"""Comparing answers: the chooser of models and details, and the page with the answers side by side.

`compare_controller` asks `judging` what each choice would cost and shows it in `chooser.CompareDialog`; what
is chosen becomes a `ui.comparing.LiveComparison`. `page.ComparePage` shows its sides, or those of a stored
comparison, as `state.SideState` values; each is a `column.SideColumn`. `differences` shows two of them as one
text. The widgets know nothing of conversations.
"""
