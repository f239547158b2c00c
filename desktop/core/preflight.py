"""What would be refused if a question were asked as it is, and what can be done about it at once.

Pure arithmetic on plans. Images of every format are sent as PNG or JPEG, so nothing has to be converted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.core.catalog import Model, PatchRule
from desktop.core.image_tokens import fit_inside
from desktop.core.limits import OPENAI_LIMITS, Limits, base64_bytes, check_request
from desktop.core.model import ON_DEVICE, Attachment, Detail
from desktop.core.planning import plan_carried, plan_image, plan_new
from desktop.core.problems import Code, Problem
from desktop.core.request import NewImage, Question, new_images


class FixKind(StrEnum):
    """What one click may do."""

    SHRINK = "shrink"
    DETAIL = "detail"
    MODEL = "model"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """One click.

    Attributes:
        kind: what it does.
        new: the places of the images it concerns in `core.request.new_images`.
        carried: the ids of the attachments it concerns.
        longest_px: for SHRINK, of each of ``new``: the largest that the model takes.
        detail: for DETAIL.
        model: for MODEL, its id.
    """

    kind: FixKind
    new: tuple[int, ...] = ()
    carried: tuple[int, ...] = ()
    longest_px: tuple[int, ...] = ()
    detail: Detail | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason why a question would be refused.

    Attributes:
        problem: the reason; of several images that of the first.
        new: the places of the images in `core.request.new_images`.
        carried: the ids of the attachments.
        fixes: what can be done, the best first.
    """

    problem: Problem
    new: tuple[int, ...] = ()
    carried: tuple[int, ...] = ()
    fixes: tuple[Fix, ...] = ()


def preflight(
    question: Question,
    *,
    model: Model,
    others: Sequence[Model] = (),
    sent_bytes: Mapping[str, int],
    limits: Limits = OPENAI_LIMITS,
) -> tuple[Finding, ...]:
    """Everything for which the model or its server would refuse ``question``.

    Args:
        question: as it would be asked.
        model: the chosen model. The reader on this computer refuses nothing.
        others: models that may be chosen instead, the best first.
        sent_bytes: encoded size of the new images that are encoded already, by `NewImage.key`. While some are
            not, the request counts as large as the others make it.
        limits: those of the server.
    """
    if model.provider == ON_DEVICE:
        return ()
    new, carried = new_images(question), question.carried()
    found = (
        _rejected_new(new, carried, model, others),
        _rejected_carried(new, carried, model, others),
        _too_many(new, carried, limits),
        _too_large(new, carried, model, sent_bytes, limits),
    )
    return tuple(finding for finding in found if finding is not None)


def largest_side(model: Model, new: NewImage) -> int | None:
    """The greatest `Edits.longest_px` with which ``model`` takes an image at its detail; None for none.

    Below a level's own largest side fewer pixels never make more patches, so the limit is found by halving.
    """
    longest = max(new.size_px)
    if plan_image(model, *new.size_px, new.detail).rejected is None:
        return longest
    takes, refuses = 0, longest
    if isinstance(model.rule, PatchRule):
        refuses = min(refuses, max(level.max_side_px for level in model.rule.levels) + 1)
    while refuses - takes > 1:
        side = (takes + refuses) // 2
        if plan_image(model, *fit_inside(*new.size_px, side), new.detail).rejected is None:
            takes = side
        else:
            refuses = side
    return takes or None


def takes_all(model: Model, new: Sequence[NewImage], carried: Sequence[Attachment]) -> bool:
    """Whether ``model`` refuses none of these."""
    return not any(plan_new(model, image).rejected for image in new) and not any(
        plan_carried(model, attachment).rejected for attachment in carried
    )


def _rejected_new(
    new: Sequence[NewImage], carried: Sequence[Attachment], model: Model, others: Sequence[Model]
) -> Finding | None:
    rejected = {
        place: trouble for place, image in enumerate(new) if (trouble := plan_new(model, image).rejected)
    }
    if not rejected:
        return None
    places = tuple(rejected)
    images = [new[place] for place in places]
    sides = [largest_side(model, image) for image in images]
    detail = _taken_detail(model, images)
    fixes = []
    if all(sides):
        fixes.append(Fix(kind=FixKind.SHRINK, new=places, longest_px=tuple(side or 1 for side in sides)))
    if detail is not None:
        fixes.append(Fix(kind=FixKind.DETAIL, new=places, detail=detail))
    fixes += _other_model(others, model, new, carried)
    fixes.append(Fix(kind=FixKind.LEAVE_OUT, new=places))
    return Finding(problem=rejected[places[0]], new=places, fixes=tuple(fixes))


def _rejected_carried(
    new: Sequence[NewImage], carried: Sequence[Attachment], model: Model, others: Sequence[Model]
) -> Finding | None:
    rejected = {a.id: trouble for a in carried if (trouble := plan_carried(model, a).rejected)}
    if not rejected:
        return None
    ids = tuple(rejected)
    # What was sent stays as it is: shrunk it would be another image, and asked anew.
    fixes = (*_other_model(others, model, new, carried), Fix(kind=FixKind.LEAVE_OUT, carried=ids))
    return Finding(problem=rejected[ids[0]], carried=ids, fixes=fixes)


def _too_many(new: Sequence[NewImage], carried: Sequence[Attachment], limits: Limits) -> Finding | None:
    count = len(new) + len(carried)
    trouble = check_request(image_count=count, image_bytes=0, limits=limits)
    if trouble is None:
        return None
    fix = _without(count - limits.images, new, carried)
    return Finding(problem=trouble, new=fix.new, carried=fix.carried, fixes=(fix,))


def _without(surplus: int, new: Sequence[NewImage], carried: Sequence[Attachment]) -> Fix:
    """Leave so many out: the last new ones, and then the oldest carried ones."""
    of_new = min(surplus, len(new))
    return Fix(
        kind=FixKind.LEAVE_OUT,
        new=tuple(range(len(new) - of_new, len(new))),
        carried=tuple(attachment.id for attachment in carried[: surplus - of_new]),
    )


def _too_large(
    new: Sequence[NewImage],
    carried: Sequence[Attachment],
    model: Model,
    sent_bytes: Mapping[str, int],
    limits: Limits,
) -> Finding | None:
    sizes = [sent_bytes.get(image.key, 0) for image in new]
    kept = sum(attachment.sent.size_bytes for attachment in carried if attachment.sent)
    trouble = check_request(image_count=0, image_bytes=kept + sum(sizes), limits=limits)
    if trouble is None or trouble.code is not Code.REQUEST_TOO_LARGE:
        return None
    fix = _lighter(sizes, carried, limits)
    fixes = [fix]
    lower = tuple(place for place, image in enumerate(new) if image.detail is not Detail.LOW)
    if Detail.LOW in model.details and lower:
        # How much smaller it makes them is known when they are encoded again.
        fixes.insert(0, Fix(kind=FixKind.DETAIL, new=lower, detail=Detail.LOW))
    return Finding(problem=trouble, new=fix.new, carried=fix.carried, fixes=tuple(fixes))


def _lighter(sizes: Sequence[int], carried: Sequence[Attachment], limits: Limits) -> Fix:
    """Leave the heaviest out until the rest fits, new ones before carried ones."""
    heavy_new = sorted(range(len(sizes)), key=lambda place: -sizes[place])
    heavy_carried = sorted(carried, key=lambda a: -(a.sent.size_bytes if a.sent else 0))
    total = sum(sizes) + sum(a.sent.size_bytes for a in carried if a.sent)
    new: list[int] = []
    gone: list[int] = []
    for place in heavy_new:
        if base64_bytes(total) <= limits.request_bytes:
            break
        new.append(place)
        total -= sizes[place]
    for attachment in heavy_carried:
        if base64_bytes(total) <= limits.request_bytes:
            break
        gone.append(attachment.id)
        total -= attachment.sent.size_bytes if attachment.sent else 0
    return Fix(kind=FixKind.LEAVE_OUT, new=tuple(sorted(new)), carried=tuple(gone))


def _taken_detail(model: Model, images: Sequence[NewImage]) -> Detail | None:
    """The level at which the model takes all of these and sees the most of them."""
    best: tuple[int, Detail] | None = None
    for level in model.details:
        if level is Detail.AUTO:
            continue
        plans = [plan_new(model, NewImage(image=i.image, detail=level, edits=i.edits)) for i in images]
        tokens = sum(plan.tokens or 0 for plan in plans)
        if not any(plan.rejected for plan in plans) and (best is None or tokens > best[0]):
            best = tokens, level
    return best[1] if best else None


def _other_model(
    others: Sequence[Model], model: Model, new: Sequence[NewImage], carried: Sequence[Attachment]
) -> tuple[Fix, ...]:
    fit = next((o.id for o in others if o.id != model.id and takes_all(o, new, carried)), None)
    return (Fix(kind=FixKind.MODEL, model=fit),) if fit else ()
