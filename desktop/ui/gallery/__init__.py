"""The gallery: images at hand as a grid of tiles, keyed by the number that the workspace gave each of them.

`items.Tile` says what one tile shows. `model` holds tiles and thumbnails, `grid` says where tiles stand,
`delegate` paints the visible ones, `view` turns clicks and keys into an ordered selection, `drop_zone`
invites while there are none, `panel` adds the header, drops and the footer. Values come in through setters;
what the user wants goes out as signals of `panel.GalleryPanel`.
"""
