"""The images of a question: planned, encoded, stored, and fetched again byte for byte."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from desktop.asking.services import Services
from desktop.asking.waiting import undisturbed
from desktop.core.catalog import Model
from desktop.core.model import ON_DEVICE, Attachment, Conversation
from desktop.core.planning import effective_detail, plan_image
from desktop.core.problems import ProblemError
from desktop.core.request import ImagePart, NewImage


async def prepare_new(
    images: Sequence[NewImage], model: Model, services: Services
) -> AsyncGenerator[Attachment, None]:
    """Encode the new images, all at once, and put their bytes into the store.

    Yields:
        The attachments in order, ``sent`` filled and ``id`` 0.

    Raises:
        ProblemError: an image is missing, has changed, cannot be decoded, or the model would refuse it.
    """
    plans = [plan_image(model, new.image.width_px, new.image.height_px, new.detail) for new in images]
    for plan in plans:
        if plan.rejected is not None:
            raise ProblemError(plan.rejected)
    futures = [
        services.images.encode(
            new.image.path,
            expected_sha256=new.image.sha256,
            width_px=plan.width_px,
            height_px=plan.height_px,
            lossless=model.id == ON_DEVICE,
        )
        for new, plan in zip(images, plans, strict=True)
    ]
    try:
        for new, plan, future in zip(images, plans, futures, strict=True):
            encoded = await asyncio.wrap_future(future)
            await undisturbed(services.store.put_image(encoded.data, encoded.sent))
            yield Attachment(image=new.image, detail=new.detail, sent=encoded.sent, tokens=plan.tokens)
    finally:
        for future in futures:
            future.cancel()


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
    plan = plan_image(model, sent.width_px, sent.height_px, attachment.detail)
    if (plan.width_px, plan.height_px) != (sent.width_px, sent.height_px):
        encoded = await asyncio.wrap_future(
            services.images.reencode(data, width_px=plan.width_px, height_px=plan.height_px)
        )
        data, media_type = encoded.data, encoded.sent.media_type
    return ImagePart(
        data=data,
        media_type=media_type,
        detail=effective_detail(model, attachment.detail),
        facts=attachment.image,
    )
