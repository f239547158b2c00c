"""The page that tells what was spent: cards, a chart, tables.

`period` says which days; `cards`, `bars` and `columns` make words and figures of a `Spending` (pure); `card`,
`chart` and `table` show them; `page` puts them together. `chart` alone imports pyqtgraph, when the page is
shown first. Nothing is loaded here: signals of `page.SpendingPage` say what is wanted.
"""
