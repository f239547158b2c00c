"""Small widgets that every panel uses: they take plain values, paint in the theme's colours and emit signals.

All text is shown as plain text, whoever wrote it; tooltips are escaped by `labels.plain_tooltip`.
"""
