"""The sample pictures: each module paints a few, and `make_samples.py` saves them.

`drawing` holds fonts, noise and codes; `papers` prints a receipt and a label; `screens` draws a chart and an
editor; `march` is a small ray marcher over numpy, for which `solids` and `apples` hold shapes, and with which
`shelf` and `orchard` take their photographs.
"""
