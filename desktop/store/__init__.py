"""The history on this computer: one SQLite file, and a folder of the images that were sent.

How data flows through this room:

- `store.Store` is the only door. It owns two threads: one writes, one reads. Every method gives a Future.
- `files` makes private folders and files; `owners` tells which processes that use this history are alive.
- `opening` opens the file: it is probed without touching a byte, replaced if it is damaged, and brought up to
  date by the numbered `migrations`. Where it cannot be written, or is newer, `stand_in` keeps a copy for the
  session. `connections` sets the pragmas, `failures` names what the environment did wrong.
- `replacing` sets a damaged file aside byte for byte and puts in its place what `salvage` has saved: `pages`
  reads rows where SQLite gives up, `tables` knows which table they are of, `mending` joins what is left.
- `writing` keeps room for what matters (`reserve`, `making_room`), and does what is owed once it can be done.
- `conversations`, `questions`, `drafts` and `images` hold the SQL, as functions of a connection; `rows` turns
  rows into the frozen values of `core.model` and back.
- `gallery` holds the images at hand, `watched` the folders that are watched for new ones, `found_text` what
  was read on images. What is long is written by `batches`, in parts between which an answer can be stored.
- `ledger` notes every request and every image that went out with it; `spending` adds up what it holds, and
  `learning` tells what its bills teach, `asked` what each image was asked about and has cost.
- `finding` lists in pages, orders, deletes and finds (`summaries`, `search` over `search_index`, which is
  made from the rows; `looks` for images). `soundness` remembers that a file was checked and closed.
- `private` is the same history in memory, for conversations of which nothing is stored.
- `export_rows` reads a conversation with all that is known of it, `import_rows` brings one in.

An image's bytes are on the disk (written, synced, renamed) before a row promises them. A question and its
empty answer are stored in one transaction before anything is sent. Money is kept as decimal text, paths as
bytes. Where a photo was taken has no column: it is in no file of ours.
"""
