"""The images of a question: planned, encoded, stored, and fetched again byte for byte."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import Future
from dataclasses import replace

from desktop.asking.services import Services
from desktop.asking.waiting import undisturbed
from desktop.core.catalog import Model
from desktop.core.edits import note
from desktop.core.model import ON_DEVICE, Attachment, Conversation, ImageFacts
from desktop.core.planning import ImagePlan, effective_detail, plan_carried, plan_new
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, NewImage, Question
from desktop.core.shrinking import made_from
from desktop.images.inspect import EncodedImage

_FILE_IS_GONE = frozenset({Code.IMAGE_MISSING, Code.IMAGE_CHANGED})


async def prepare_new(
    images: Sequence[NewImage], model: Model, services: Services, *, earlier: Sequence[Attachment] = ()
) -> AsyncGenerator[Attachment, None]:
    """Encode the new images, all at once, and put their bytes into the store.

    Args:
        images: parts and overviews each for themselves, see `request.new_images`.
        model: whom they are for.
        services: the parts.
        earlier: images of the conversation whose bytes serve where a file is gone and a smaller one is asked
            for.

    Yields:
        The attachments in order, ``sent`` filled and ``id`` 0.

    Raises:
        ProblemError: an image is missing, has changed, cannot be decoded, its marks cannot be painted, or the
            model would refuse it.
    """
    plans = [plan_new(model, new) for new in images]
    for plan in plans:
        if plan.rejected is not None:
            raise ProblemError(plan.rejected)
    futures: list[Future[EncodedImage]] = []
    try:
        for new, plan in zip(images, plans, strict=True):
            futures.append(await _encode(new, plan, model, services))
        for new, plan, future in zip(images, plans, futures, strict=True):
            encoded = await _encoded(new, plan, future, services, earlier)
            await undisturbed(services.store.put_image(encoded.data, encoded.sent))
            yield Attachment(
                image=new.image,
                detail=new.detail,
                sent=encoded.sent,
                tokens=plan.tokens,
                edits=new.edits,
                note=note(new.image.name, new.edits),
                url=new.url,
                once=new.once,
            )
    finally:
        for future in futures:
            future.cancel()


def earlier_images(question: Question) -> tuple[Attachment, ...]:
    """What may serve where a file is gone: the conversation's images, and those of the version before."""
    replaced = question.version_of.attachments if question.version_of else ()
    return (*question.conversation.attachments(), *replaced)


async def _encode(new: NewImage, plan: ImagePlan, model: Model, services: Services) -> Future[EncodedImage]:
    encode = services.encode or services.images.encode
    return encode(
        new.image.path,
        expected_sha256=new.image.sha256,
        width_px=plan.width_px,
        height_px=plan.height_px,
        lossless=model.id == ON_DEVICE,
        page=new.image.page,
        edits=new.edits,
        overlay=await _overlay(new, plan, services),
    )


async def _overlay(new: NewImage, plan: ImagePlan, services: Services) -> bytes | None:
    """The painted marks. Never without them: an arrow that is missing makes another question."""
    if not new.edits.marks:
        return None
    overlay = None
    if services.paint_marks is not None:
        page_px = new.image.width_px, new.image.height_px
        out_px = plan.width_px, plan.height_px
        overlay = await asyncio.to_thread(services.paint_marks, new.edits, page_px, out_px)
    if overlay is None:
        raise ProblemError(problem(Code.MARKS_NOT_PAINTED, name=new.image.name))
    return overlay


async def _encoded(
    new: NewImage,
    plan: ImagePlan,
    future: Future[EncodedImage],
    services: Services,
    earlier: Sequence[Attachment],
) -> EncodedImage:
    try:
        return await asyncio.wrap_future(future)
    except ProblemError as error:
        source = next((a for a in earlier if _serves(a, new, plan)), None)
        if error.problem.code not in _FILE_IS_GONE or source is None or source.sent is None:
            raise
        data = await asyncio.wrap_future(services.store.image_bytes(source.sent))
        if (plan.width_px, plan.height_px) == (source.sent.width_px, source.sent.height_px):
            return EncodedImage(sent=source.sent, data=data)
        smaller = services.images.reencode(
            data, width_px=plan.width_px, height_px=plan.height_px, name=new.image.name
        )
        return await asyncio.wrap_future(smaller)


def _serves(earlier: Attachment, new: NewImage, plan: ImagePlan) -> bool:
    sent = earlier.sent
    return (
        sent is not None
        and earlier.image.source_id == new.image.source_id
        and (new.edits == earlier.edits or made_from(new.edits, earlier.edits))
        and sent.width_px >= plan.width_px
        and sent.height_px >= plan.height_px
    )


async def image_parts(conversation: Conversation, model: Model, services: Services) -> dict[int, ImagePart]:
    """The parts of every carried attachment, by its id.

    Bytes that the model now chosen would scale down are scaled before sending; otherwise they are the stored
    ones, so that the provider's cache pays.

    Raises:
        ProblemError: a stored image is gone; it is set aside first, so the next question works.
    """
    parts: dict[int, ImagePart] = {}
    for attachment in conversation.carried():
        try:
            parts[attachment.id] = await _part(attachment, model, services)
        except ProblemError:
            await undisturbed(services.store.set_left_out((attachment.id,), left_out=True))
            raise
    return parts


async def _part(attachment: Attachment, model: Model, services: Services) -> ImagePart:
    sent = attachment.sent
    if sent is None:
        raise ValueError("a stored attachment has its sent bytes")
    data = await asyncio.wrap_future(services.store.image_bytes(sent))
    media_type = sent.media_type
    plan = plan_carried(model, attachment)
    if (plan.width_px, plan.height_px) != (sent.width_px, sent.height_px):
        encoded = await asyncio.wrap_future(
            services.images.reencode(data, width_px=plan.width_px, height_px=plan.height_px)
        )
        data, media_type = encoded.data, encoded.sent.media_type
    return ImagePart(
        data=data,
        media_type=media_type,
        detail=effective_detail(model, attachment.detail),
        facts=await _facts(attachment.image, model, services),
        url=attachment.url,
    )


async def _facts(image: ImageFacts, model: Model, services: Services) -> ImageFacts:
    """With the position for the reader, who tells it: the history does not keep it, the file does."""
    if model.id != ON_DEVICE or image.position is not None or "gps" not in image.metadata:
        return image
    try:
        found = await asyncio.wrap_future(
            services.images.inspect(image.path, thumbnail_px=None, page=image.page)
        )
    except ProblemError:
        return image
    same = found.facts.sha256 == image.sha256
    return replace(image, position=found.facts.position) if same else image
