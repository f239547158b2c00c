"""From a file on this computer to facts, a thumbnail, and the very bytes that are sent.

Pillow never runs in the process of the window. Data flows through in this order:

- `scan` finds the files of what was dropped: folders, single files, links.
- `workers` hands each file to one of a few worker processes and gives back a Future; `queue` keeps them busy,
  ends a task that hangs, and outlives one that crashes.
- In the worker, `jobs` does one task: `files` reads and hashes the file, `formats` opens it by content within
  the limits, `facts` tells what it says about itself, `pixels` makes upright sRGB pixels of the wanted size,
  `encode` makes the PNG or JPEG that is sent.
- What comes back is in `inspect`: frozen values without Pillow, ready for another thread.
"""
