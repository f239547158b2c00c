"""The terminal: ``sightline ask`` and ``sightline estimate``. No Qt; the same `asking.ask` as the window."""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from desktop.asking.ask import ask, failure
from desktop.asking.fetching import local_files
from desktop.core import text as words
from desktop.core.catalog import Model
from desktop.core.credentials import is_encrypted_or_loopback, origin
from desktop.core.estimate import estimate
from desktop.core.events import Finished, QuestionEvent, Retrying, TextDelta
from desktop.core.model import ON_DEVICE, AnswerState, Conversation, Detail, ImageFacts
from desktop.core.planning import plan_new
from desktop.core.problem_text import exit_status, explain, sentence
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.request import NewImage, Question
from desktop.core.text import (
    _,
    format_count,
    format_price,
    format_seconds,
    format_size,
    join_list,
    join_sentences,
)
from desktop.images.workers import ImageWorkers
from desktop.system import logs, resources
from desktop.system.command_line import EXIT_STOPPED, Parser, say, take_any_character
from desktop.system.command_words import translate_argparse
from desktop.system.environment import take_secrets
from desktop.system.settings_file import load_settings
from desktop.wiring import Parts, data_folder, download, effective_base_url, make_parts

KEY_WAIT_S = 7.0
"""A little over the keyring's own limit."""


def run(arguments: Sequence[str]) -> int:
    """Parse, do, and return the exit status: 0 done, 2 usage, 3 bad image, 4 refused, 5 no connection."""
    take_any_character()
    words.install(resources.load_translations("system"))
    translate_argparse()
    options = _parser().parse_args(arguments)
    try:
        parts = _parts(options)
        model = _model(options, parts)
        detail = _detail(options, model)
        if options.command == "estimate":
            return _estimate(options, parts, model, detail)
        return asyncio.run(_ask(options, parts, model, detail))
    except ProblemError as error:
        return _fail(error.problem, as_json=options.json)
    except KeyboardInterrupt:
        return EXIT_STOPPED
    except BrokenPipeError:
        _write_to_nobody()
        return EXIT_STOPPED


def _write_to_nobody() -> None:
    """As with ``| head``: nobody reads on. Python would complain again when it flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="sightline", description=_("Ask vision models about images."))
    commands = parser.add_subparsers(dest="command", required=True)
    asking = commands.add_parser("ask", help=_("ask about images; the answer goes to standard output"))
    asking.add_argument("--prompt", required=True, help=_("the question"))
    asking.add_argument("--max-tokens", type=_positive, metavar="N", help=_("limit of the answer"))
    asking.add_argument(
        "--over-budget", action="store_true", help=_("ask even when this month’s budget is used up")
    )
    estimating = commands.add_parser("estimate", help=_("what images would cost; nothing is sent"))
    for command in (asking, estimating):
        command.add_argument("images", nargs="+", metavar="IMAGE", help=_("files or http(s) addresses"))
        command.add_argument(
            "--allow-private", action="store_true", help=_("addresses may be of this computer or network")
        )
        command.add_argument("--model", help=_("model id; “on-device” is the reader on this computer"))
        command.add_argument(
            "--detail", choices=[d.value for d in Detail], help=_("how closely the model looks")
        )
        command.add_argument("--base-url", metavar="URL", help=_("another server with the same protocol"))
        command.add_argument("--data-dir", metavar="DIR", help=_("where history and settings live"))
        command.add_argument("--json", action="store_true", help=_("one JSON object on standard output"))
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(_("must be at least 1"))
    return number


def _parts(options: argparse.Namespace) -> Parts:
    secrets = take_secrets()
    folder = data_folder(options.data_dir)
    settings, notice = load_settings(folder)
    words.install(resources.load_translations(settings.language))
    _tell(() if notice is None else (notice,))
    settings = replace(settings, base_url=effective_base_url(options.base_url, secrets, settings))
    logs.start(folder, quiet=True, name="ask")
    return make_parts(folder=folder, settings=settings, secrets=secrets, catalog=resources.load_catalog())


def _model(options: argparse.Namespace, parts: Parts) -> Model:
    """The model asked for, else the settings', else the default one, or the reader where no key is."""
    catalog = parts.services.catalog
    if options.model == ON_DEVICE:
        return catalog.on_device()
    status = None
    if options.command == "ask":
        status = parts.keys.load(origin(parts.settings.base_url)).result(KEY_WAIT_S)
        if status.hint is not None and not is_encrypted_or_loopback(parts.settings.base_url):
            said = explain(problem(Code.URL_NOT_ENCRYPTED, host=origin(parts.settings.base_url)))
            say(join_sentences(said.what, said.meaning))
    name = options.model or parts.settings.model
    if name:
        return catalog.model(name)
    is_openai = origin(parts.settings.base_url) == origin("https://api.openai.com/v1")
    if status is not None and status.hint is None and is_openai:
        return catalog.on_device()
    return catalog.default()


def _detail(options: argparse.Namespace, model: Model) -> Detail:
    detail = Detail(options.detail) if options.detail else Detail.AUTO
    if options.detail and model.details and detail not in model.details:
        offered = join_list(d.value for d in model.details)
        raise ProblemError(
            problem(Code.DETAIL_NOT_OFFERED, model=model.id, detail=detail.value, offered=offered)
        )
    return detail


async def _files(options: argparse.Namespace, parts: Parts) -> tuple[Path, ...]:
    given, folder = options.images, parts.folder.downloads
    return await local_files(given, folder, download, allow_private=options.allow_private)


def _inspect(paths: Sequence[Path], images: ImageWorkers) -> tuple[ImageFacts, ...]:
    futures = [images.inspect(path.absolute(), thumbnail_px=None) for path in paths]
    return tuple(future.result().facts for future in futures)


async def _ask(options: argparse.Namespace, parts: Parts, model: Model, detail: Detail) -> int:
    services = parts.services
    try:
        facts = await asyncio.to_thread(_inspect, await _files(options, parts), services.images)
        await asyncio.wrap_future(services.store.open())
        _tell(services.store.notices)
        question = Question(
            conversation=Conversation(),
            text=options.prompt,
            images=tuple(NewImage(image=image, detail=detail) for image in facts),
            model=model.id,
            max_tokens=options.max_tokens,
            over_budget=options.over_budget,
            drafted=False,
        )
        finished = await _drive(question, parts, as_json=options.json)
        return _report(finished, options)
    finally:
        await parts.engines.close()
        services.images.close()
        services.store.close()
        parts.keys.close()


async def _drive(question: Question, parts: Parts, *, as_json: bool) -> Finished:
    task = asyncio.create_task(_show(question, parts, as_json=as_json))
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers on its loops
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task


async def _show(question: Question, parts: Parts, *, as_json: bool) -> Finished:
    async for event in ask(question, parts.services):
        if isinstance(event, Finished):
            return event
        try:
            if not as_json:
                _show_event(event)
        except BrokenPipeError:
            _write_to_nobody()
            # Stopped as by Ctrl+C, so that what had come is kept, with what it cost.
            if (task := asyncio.current_task()) is not None:
                task.cancel()
    raise RuntimeError("ask() ends with Finished")


def _show_event(event: QuestionEvent) -> None:
    if isinstance(event, TextDelta):
        sys.stdout.write(words.without_controls(event.text) if sys.stdout.isatty() else event.text)
        sys.stdout.flush()
    elif isinstance(event, Retrying):
        wait = _("Trying again in {seconds}.").format(seconds=format_seconds(event.seconds))
        twice = _("It may be billed twice.") if event.may_bill_twice else ""
        say(join_sentences(explain(event.problem).what, wait, twice))


def _report(finished: Finished, options: argparse.Namespace) -> int:
    answer = finished.answer
    trouble = failure(finished)
    if options.json:
        print(json.dumps(_as_json(finished), ensure_ascii=True, indent=2))
    else:
        if answer.text and not answer.text.endswith("\n"):
            print()
        if answer.usage is not None:
            say(_cost_line(finished))
    if answer.state is AnswerState.STOPPED:
        return EXIT_STOPPED
    if trouble is None:
        return 0
    say(sentence(trouble))
    if trouble.code is Code.BUDGET_REACHED:
        say(_("With {option} it is asked all the same.").format(option="--over-budget"))
    return exit_status(trouble)


def _cost_line(finished: Finished) -> str:
    answer = finished.answer
    seconds = format_seconds(answer.seconds or 0)
    if answer.provider == ON_DEVICE:
        return _("on this computer · free · {seconds}").format(seconds=seconds)
    usage = answer.usage
    if usage is None:
        return seconds
    line = _("{prompt} in · {completion} out · {price} · {seconds}").format(
        prompt=format_count(usage.prompt_tokens),
        completion=format_count(usage.completion_tokens),
        price=format_price(answer.cost_usd),
        seconds=seconds,
    )
    return line if usage.reported else line + " · " + _("estimated: the server told no usage")


def _as_json(finished: Finished) -> dict[str, Any]:
    answer = finished.answer
    usage = answer.usage
    question = finished.conversation.messages[-2] if finished.conversation else None
    by_hash = {a.image.sha256: a for a in question.attachments} if question else {}
    trouble = failure(finished)
    return {
        "text": answer.text,
        "state": answer.state.value,
        "problem": trouble and {"code": trouble.code.value, "message": sentence(trouble)},
        "model": answer.model,
        "usage": usage
        and {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cached_tokens": usage.cached_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
            "image_tokens": usage.image_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
            "reported": usage.reported,
        },
        "cost_usd": _number(answer.cost_usd),
        "seconds": round(answer.seconds or 0, 3),
        "images": [
            {
                "path": words.printable(str(a.image.path), limit=4096),
                "width": a.image.width_px,
                "height": a.image.height_px,
                "sent_width": a.sent and a.sent.width_px,
                "sent_height": a.sent and a.sent.height_px,
                "sent_bytes": a.sent and a.sent.size_bytes,
                "tokens": a.tokens,
                "cost_usd": _number(a.cost_usd),
            }
            for a in by_hash.values()
        ],
    }


def _estimate(options: argparse.Namespace, parts: Parts, model: Model, detail: Detail) -> int:
    images = parts.services.images
    try:
        paths = asyncio.run(_files(options, parts))
        rows = [_estimate_row(facts, model, detail, parts) for facts in _inspect(paths, images)]
        # The encoders run side by side; only now does anybody wait for them.
        for row, encoded in rows:
            row["sent_bytes"] = encoded.result().sent.size_bytes if encoded else None
    finally:
        images.close()
        parts.keys.close()
    table = [row for row, _encoded in rows]
    taken = [row for row in table if not row["rejected"]]
    totals = {key: _sum(row[key] for row in taken) for key in ("sent_bytes", "tokens", "cost_usd")}
    if options.json:
        report = {"model": model.id, "detail": detail.value, "images": table, "totals": totals}
        print(json.dumps(report, ensure_ascii=True, indent=2, default=float))
    else:
        _print_table(table, totals)
    return 0


def _estimate_row(
    facts: ImageFacts, model: Model, detail: Detail, parts: Parts
) -> tuple[dict[str, Any], Future[Any] | None]:
    services = parts.services
    new = NewImage(image=facts, detail=detail)
    plan = plan_new(model, new)
    question = Question(conversation=Conversation(), text="", images=(new,), model=model.id)
    figures = estimate(question, model=model, rates=services.rates(model), sent_bytes={})
    row = {
        "path": words.printable(str(facts.path), limit=4096),
        "width": facts.width_px,
        "height": facts.height_px,
        "sent_width": None if plan.rejected else plan.width_px,
        "sent_height": None if plan.rejected else plan.height_px,
        "sent_bytes": None,
        "tokens": None if plan.rejected else plan.tokens,
        "cost_usd": None if plan.rejected else figures.image_costs[0],
        "rejected": sentence(plan.rejected) if plan.rejected else None,
    }
    if plan.rejected:
        return row, None
    encoded = services.images.encode(
        facts.path,
        expected_sha256=facts.sha256,
        width_px=plan.width_px,
        height_px=plan.height_px,
        lossless=model.id == ON_DEVICE,
        page=facts.page,
    )
    return row, encoded


def _sum(values: Any) -> Any:  # noqa: ANN401 - int or Decimal; None where one of them is unknown
    known = list(values)
    return None if any(value is None for value in known) else sum(known)


def _print_table(table: Sequence[dict[str, Any]], totals: dict[str, Any]) -> None:
    for row in table:
        if row["rejected"]:
            print(f"{row['path']}  {row['width']}×{row['height']}  {row['rejected']}")
            continue
        sent = f"{row['sent_width']}×{row['sent_height']}, {format_size(row['sent_bytes'])}"
        print(f"{row['path']}  {row['width']}×{row['height']} → {sent}  {_figures(row)}")
    print(_("In all: {figures}").format(figures=_figures(totals)))


def _figures(row: dict[str, Any]) -> str:
    tokens = words.DASH if row["tokens"] is None else format_count(row["tokens"])
    return _("{tokens} tokens, {price}").format(tokens=tokens, price=format_price(row["cost_usd"]))


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _tell(notices: Iterable[Problem]) -> None:
    """Say what was set aside, and that and why nothing is stored.

    What else cannot be written fails by itself in a moment, and is said then.
    """
    said = tuple(notices)
    nothing_stored = any(notice.code is Code.NOTHING_STORED for notice in said)
    for notice in said:
        told = explain(notice)
        if notice.code in {Code.DATABASE_DAMAGED, Code.DATABASE_SALVAGED, Code.SETTINGS_DAMAGED}:
            say(join_sentences(told.what, told.meaning))
        elif nothing_stored:
            say(told.what)


def _fail(trouble: Problem, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"problem": {"code": trouble.code.value, "message": sentence(trouble)}}, indent=2))
    say(sentence(trouble))
    return exit_status(trouble)
