"""From a file on this computer to facts, a thumbnail, and the very bytes that are sent.

Pillow never runs in the process of the window. Data flows through in this order:

- `scan` finds the files of what was dropped: folders, single files, links.
- `workers` hands each file to one of a few worker processes and gives back a Future; `queue` keeps them busy,
  ends a task that hangs, and outlives one that crashes.
- In the worker, `jobs` does one task: `files` reads and hashes the file, `pages` opens one page of it by its
  content (`formats` images within the limits, `pdf` documents), `facts` and `metadata` tell what it says.
- `finish` makes the finished picture: `pixels` decodes, blacks out, crops, scales and makes it upright sRGB;
  then it is turned and the marks are laid over it. `encode` makes the PNG or JPEG that is sent.
- `looking` makes all that is found out about a page from it; `batch` has many looked at in few tasks.
- `known` remembers facts and thumbnails of files that do not change; `file_manager` leaves thumbnails for
  other programs and shows theirs until a file is looked at, or `previews` shows the camera's own.
- What comes back is in `inspect`: frozen values without Pillow, ready for another thread. Large pictures for
  the viewer cross in memory of `shared`.
"""
