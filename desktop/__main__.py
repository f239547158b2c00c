"""``sightline`` and ``python -m desktop``.

Imports nothing at top level: worker processes import this module again.
"""


def main() -> int:
    """Run the command line; without a subcommand, the window. Returns the exit status."""
    import sys  # noqa: PLC0415

    if getattr(sys, "frozen", False):
        import os  # noqa: PLC0415

        from desktop.system.frozen import leave_no_traces  # noqa: PLC0415

        leave_no_traces(os.environ)
    if len(sys.argv) > 1 and sys.argv[1] in ("ask", "estimate"):
        from desktop.cli import run  # noqa: PLC0415

        return run(sys.argv[1:])
    if len(sys.argv) > 1 and sys.argv[1] in ("export", "import"):
        from desktop.cli_files import run as run_files  # noqa: PLC0415

        return run_files(sys.argv[1:])
    if "--check" in sys.argv[1:]:
        from desktop.check import run as run_check  # noqa: PLC0415

        return run_check(sys.argv[1:])
    return window()


def window() -> int:
    """Open the window. Returns the exit status."""
    import gc  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from desktop.system.early_end import EarlyEnd  # noqa: PLC0415

    EarlyEnd.begin()
    # What starting makes lives to the end: looking through it for garbage takes a tenth of the start.
    gc.disable()
    # Before anything else is imported: PySide6's hook would read the source of every module.
    from desktop.tasks.imports import restore_import  # noqa: PLC0415

    restore_import()
    from desktop.app import run  # noqa: PLC0415

    EarlyEnd.leave_if_asked()
    return run(sys.argv[1:])


if __name__ == "__main__":
    import multiprocessing
    import sys

    multiprocessing.freeze_support()
    sys.exit(main())
