"""All that the window may ask for, in one object, closed in the right order."""

from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from desktop.asking.as_code import message_as_code, question_as_code
from desktop.asking.counting import count_exactly
from desktop.asking.exporting import export_spending
from desktop.asking.services import Services
from desktop.asking.sharing import sharing
from desktop.core.catalog import Model
from desktop.core.limits import Limits
from desktop.core.model import Conversation
from desktop.core.ports import KeyStore
from desktop.core.problems import Problem
from desktop.core.request import CodeLanguage, Question
from desktop.core.settings import Settings
from desktop.engines.providers import PROVIDERS, UNKNOWN, Provider
from desktop.system.safety import Safety
from desktop.tasks.about import AboutTasks
from desktop.tasks.branches import BranchTasks
from desktop.tasks.captures import CaptureTasks
from desktop.tasks.comparing import RunningComparison
from desktop.tasks.crashes import CrashTasks
from desktop.tasks.delivery import Delivery
from desktop.tasks.differing import DiffTasks
from desktop.tasks.downloads import DownloadTasks, Fetch
from desktop.tasks.exchange import ExchangeTasks
from desktop.tasks.files_out import FilesOut
from desktop.tasks.finding import FindingTasks
from desktop.tasks.gallery import GalleryTasks
from desktop.tasks.history import HistoryTasks
from desktop.tasks.keys import KeyTasks, ListModels
from desktop.tasks.network import NetworkThread
from desktop.tasks.organising import OrganisingTasks
from desktop.tasks.prices import PriceSource, PriceTasks
from desktop.tasks.prompts import PromptFiles, PromptTasks
from desktop.tasks.questions import RunningQuestion
from desktop.tasks.reading import ReadingTasks, ReadPage
from desktop.tasks.reading_many import ReadingMany
from desktop.tasks.settings import SettingsTasks
from desktop.tasks.shaping import ShapingTasks
from desktop.tasks.spending import SpendingTasks
from desktop.tasks.watching import WatchingTasks
from desktop.tasks.workbench import WorkbenchTasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What `wiring` made, handed over by `app`.

    Attributes:
        services: what `asking.ask` needs.
        keys: the keyring.
        settings: as they are at start.
        base_url: the server in force: the command line's, the environment's or the settings'.
        save_settings: writes them to their file; slow.
        prompts: where prompts are kept.
        prices: where prices come from.
        list_models: tries a key against a server.
        prepare_engine: does ahead what the first question to a model would wait for.
        read_page: the reader's text and codes of a page, on the network loop.
        use_base_url: engines talk to this server from now on.
        close_engines: closes the engines; runs on the network loop.
        close_keys: lets go of the keyring's thread.
        download: fetches an image from an address; runs on the network loop.
        downloads_folder: where such images are kept.
        pasted_folder: where pasted pictures are kept.
        captures_folder: where pictures of the screen are kept.
        outgoing_folder: where pictures for other programs are made.
        data_folder: shown in the settings.
        samples: the sample images.
        safety: watches this run; None where nothing does.
    """

    services: Services
    keys: KeyStore
    settings: Settings
    base_url: str
    save_settings: Callable[[Settings], None]
    prompts: PromptFiles
    prices: PriceSource
    list_models: ListModels
    prepare_engine: Callable[[Model], Coroutine[Any, Any, None]]
    read_page: ReadPage
    use_base_url: Callable[[str], None]
    close_engines: Callable[[], Coroutine[Any, Any, None]]
    close_keys: Callable[[], None]
    download: Fetch
    downloads_folder: Path
    pasted_folder: Path
    captures_folder: Path
    outgoing_folder: Path
    data_folder: Path
    samples: tuple[Path, ...]
    safety: Safety | None = None


class Backend(QObject):
    """Everything behind the window; lives in the GUI thread and is closed by `app`.

    Attributes:
        history: conversations and drafts.
        finding: searching them.
        organising: titles, pins, tags, the archive.
        branches: versions, options and carried images of a stored conversation.
        gallery: images.
        captures: pictures of the screen that become files.
        files_out: files and pictures for other programs, and what is done to files.
        keys: the key.
        prompts: the prompt library.
        prices: the prices.
        reading: text and codes found on this computer.
        reading_many: the same of many images, in the background.
        settings: the settings.
        watching: folders whose new images appear by themselves.
        downloads: images from the web.
        workbench: the gallery's rows, and what was asked about images.
        shaping: tables in answers.
        differing: what differs between two answers.
        spending: what was spent, the budget, and what bills taught.
        exchange: conversations that leave as files and come in from files.
        about: what the application is made of.
        crashes: how the last run ended, and what goes wrong in this one.
        catalog: the models.
        base_url: the server in force.
        data_folder: where data lives.
        samples: the sample images.
    """

    def __init__(self, ground: Ground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._delivery = Delivery(self)
        self.settings = SettingsTasks(ground.settings, ground.save_settings, self._delivery, self)
        services = replace(ground.services, budget_usd=lambda: self.settings.current.budget_usd)
        self._ground = replace(ground, services=services)
        self._network = NetworkThread(ground.close_engines, self)
        self.catalog = services.catalog
        self.base_url = ground.base_url
        self.data_folder = ground.data_folder
        self.samples = ground.samples
        self.history = HistoryTasks(services.store, self._delivery, self)
        self.gallery = GalleryTasks(
            services.images,
            services.store,
            self._delivery,
            pasted_folder=ground.pasted_folder,
            parent=self,
        )
        self.captures = CaptureTasks(self._delivery, folder=ground.captures_folder, parent=self)
        self.files_out = FilesOut(
            services.images, self._delivery, outgoing_folder=ground.outgoing_folder, parent=self
        )
        self.history.opened.connect(self.files_out.clean)
        self.keys = KeyTasks(
            ground.keys,
            self._delivery,
            network=self._network,
            list_models=ground.list_models,
            parent=self,
        )
        self.prices = PriceTasks(
            ground.prices,
            self._delivery,
            own=ground.settings.own_prices,
            network=self._network,
            parent=self,
        )
        self.settings.changed.connect(self.prices.use_own)
        self.prompts = PromptTasks(ground.prompts, self._delivery, self)
        self._make_later_tasks(services)
        self._make_crashes()
        self._closed = False

    def _make_later_tasks(self, services: Services) -> None:
        """What stands on the tasks above."""
        ground = self._ground
        self.reading = ReadingTasks(
            services, ground.read_page, network=self._network, delivery=self._delivery, parent=self
        )
        self.reading_many = ReadingMany(self.reading, services.store, self._delivery, self)
        self.downloads = DownloadTasks(
            ground.download,
            ground.downloads_folder,
            network=self._network,
            delivery=self._delivery,
            parent=self,
        )
        self.branches = BranchTasks(services.store, self._delivery, self)
        self.workbench = WorkbenchTasks(services.store, self._delivery, self)
        self.history.opened.connect(self.prompts.load)
        self.history.failed.connect(self.prompts.load)
        self.history.opened.connect(self.workbench.load)
        self.history.failed.connect(self.workbench.give_up)
        self.history.deleted.connect(self.workbench.note_deletion)
        self.history.changed_elsewhere.connect(self.workbench.refresh_asked)
        self.history.taken_back.connect(self.workbench.refresh_asked)
        self.history.unowned.connect(self.workbench.unasked)
        self.watching = WatchingTasks(services.store, self._delivery, self)
        self.history.opened.connect(self.watching.load)
        self.shaping = ShapingTasks(self._delivery, self)
        self.differing = DiffTasks(self._delivery, self)
        self.spending = SpendingTasks(services, self._delivery, self)
        self.history.opened.connect(self.spending.open)
        self.history.changed_elsewhere.connect(self.spending.refresh)
        self.settings.changed.connect(self.spending.use_budget)
        self.exchange = ExchangeTasks(services.store, self._delivery, self)
        self.exchange.imported.connect(self.history.refresh)
        self.exchange.imported.connect(self.workbench.refresh_asked)
        self.exchange.imported.connect(self.spending.refresh)
        self.finding = FindingTasks(services, self._delivery, self)
        self.history.opened.connect(self.finding.begin)
        self.organising = OrganisingTasks(
            services, self.history, network=self._network, delivery=self._delivery, parent=self
        )
        self.organising.paid.connect(self.spending.refresh)
        self.exchange.imported.connect(self.organising.read_tags)

    def _make_crashes(self) -> None:
        self.crashes = CrashTasks(
            self._ground.safety, self.settings.current.language, self._delivery, parent=self
        )
        self.about = AboutTasks(self.settings.current.language, self._delivery, parent=self)
        if self.crashes.last is not None and self.crashes.last.asks_for_care:
            self.history.careful = True
            self.workbench.wait()

    def bring_back(self) -> None:
        """Open what a careful start has left out: the last session's images, and what was open."""
        self.history.bring_back()
        self.workbench.bring_back()

    def ask(self, question: Question) -> RunningQuestion:
        """A question that is not running yet: connect its signals, then call `start`."""
        running = RunningQuestion(question, self)
        running.ended.connect(self.spending.refresh)
        running.ended.connect(self.workbench.note_answer)
        return running

    def start(self, running: RunningQuestion) -> None:
        """Let a question run."""
        running.start(self._ground.services, self._network, self._delivery)

    def compare(self, questions: Sequence[Question]) -> RunningComparison:
        """The sides of a comparison, not running yet: connect to its signals, then start it."""
        services, shared = sharing(self._ground.services)
        return RunningComparison(
            questions,
            make=self.ask,
            start=lambda running: running.start(services, self._network, self._delivery),
            all_prepared=shared.forget,
            parent=self,
        )

    def count_exactly(
        self, question: Question, succeeded: Callable[[int], None], failed: Callable[[Problem], None]
    ) -> "Future[int]":
        """Have the server count a question's input tokens; cancelling the Future ends the upload."""
        counting = self._network.submit(count_exactly(question, self._ground.services))
        self._delivery.follow(counting, succeeded, failed)
        return counting

    def as_code(
        self,
        conversation: Conversation,
        message_id: int,
        language: CodeLanguage,
        succeeded: Callable[[str], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """A stored question (or the one that an answer is to) as code, with its stored images."""
        made = message_as_code(conversation, message_id, language, self._ground.services)
        self._delivery.follow(self._network.submit(made), succeeded, failed)

    def question_as_code(
        self,
        question: Question,
        language: CodeLanguage,
        succeeded: Callable[[str], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """A question that is about to be asked as code."""
        made = question_as_code(question, language, self._ground.services)
        self._delivery.follow(self._network.submit(made), succeeded, failed)

    def export_spending(
        self,
        days: tuple[date, date],
        path: Path,
        succeeded: Callable[[tuple[Path, Path]], None],
        failed: Callable[[Problem], None],
    ) -> None:
        """Write the CSV of what was spent in these days, both included, and that of each day beside it."""
        exporting = export_spending(*days, path, self._ground.services)
        self._delivery.follow(self._network.submit(exporting), succeeded, failed)

    def provider(self, model: Model) -> Provider:
        """What the server behind a model needs and can do."""
        found = self._ground.services.provider_for(model)
        return next((provider for provider in PROVIDERS if provider.id == found), UNKNOWN)

    def limits(self, model: Model) -> Limits:
        """The most that the server behind a model takes in one request."""
        return self._ground.services.limits_for(model)

    def prepare_engine(self, model: Model) -> None:
        """Import and open what a question to ``model`` will need, in the background."""
        self._network.submit(self._ground.prepare_engine(model))

    def use_base_url(self, base_url: str) -> None:
        """Ask this server from now on, and look for its key."""
        self.base_url = base_url
        self._ground.use_base_url(base_url)
        self.keys.load(base_url)

    def close(self) -> None:
        """Stop accepting, cancel questions, end the loop, end processes, the database last; idempotent."""
        if self._closed:
            return
        self._closed = True
        self.history.close()
        self.finding.close()
        self.downloads.close()
        self.workbench.close()
        self.reading_many.close()
        self.watching.close()
        self.spending.close()
        self.exchange.close()
        self.differing.close()
        self._network.close()
        self._delivery.close()
        self.crashes.close()
        self.about.close()
        self.files_out.close()
        self.captures.close()
        self.gallery.close()
        self.shaping.close()
        self.prices.close()
        self.prompts.close()
        self.settings.close()
        self._ground.services.images.close()
        self._ground.close_keys()
        self._ground.services.store.close()
