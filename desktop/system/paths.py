"""Where everything lives on this computer."""

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.core.problems import Problem
from desktop.system.files import make_private_folder, problem_of

APP = "Sightline"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folders and files of one person, or of one ``--data-dir``.

    Attributes:
        given: the folder of ``--data-dir``, absolute; None for the system's own place.
    """

    given: Path | None = None

    @property
    def root(self) -> Path:
        """The history, and everything below that is not settings."""
        return self.given or platformdirs.user_data_path(APP, appauthor=False)

    @property
    def images(self) -> Path:
        """The images that were sent."""
        return self.root / "images"

    @property
    def pasted(self) -> Path:
        """Pictures from the clipboard."""
        return self.root / "pasted"

    @property
    def captures(self) -> Path:
        """Pictures of the screen."""
        return self.root / "captures"

    @property
    def downloads(self) -> Path:
        """Pictures from addresses."""
        return self.root / "downloads"

    @property
    def cache(self) -> Path:
        """What can be found out again."""
        return self.given / "cache" if self.given else platformdirs.user_cache_path(APP, appauthor=False)

    @property
    def outgoing(self) -> Path:
        """Pictures made for other programs, such as the edited version of a photo that is copied."""
        return self.cache / "outgoing"

    @property
    def shared_thumbnails(self) -> Path | None:
        """The thumbnails of all programs, on Linux; None with ``--data-dir``: nothing is left outside."""
        if self.given or sys.platform != "linux":
            return None
        return platformdirs.user_cache_path() / "thumbnails"

    @property
    def logs(self) -> Path:
        """Log files."""
        return self.root / "logs"

    @property
    def crashes(self) -> Path:
        """Reports of crashes, and what tells how the last run ended."""
        return self.root / "crashes"

    @property
    def price_list(self) -> Path:
        """Prices that were fetched."""
        return self.root / "prices.json"

    @property
    def window_lock(self) -> Path:
        """Held by the one window that uses this folder."""
        return self.root / "window.lock"

    @property
    def settings_file(self) -> Path:
        """In the system's place for settings, or with everything else in ``--data-dir``."""
        folder = self.given or platformdirs.user_config_path(APP, appauthor=False)
        return folder / "settings.json"

    @property
    def prompts_file(self) -> Path:
        """The user's own prompts, beside the settings."""
        return self.settings_file.with_name("prompts.json")

    def prepare(self) -> Problem | None:
        """Make the folders, with mode 0700.

        Returns:
            None, or why they cannot be written: DISK_FULL or FOLDER_READ_ONLY. The history may still be
            readable.
        """
        try:
            for folder in (self.root, self.settings_file.parent, self.pasted, self.logs):
                make_private_folder(folder)
        except OSError as error:
            return problem_of(error, self.root)
        return None
