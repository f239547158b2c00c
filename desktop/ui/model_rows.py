"""The models as pickers show them: name, and price or what stands in for it."""

from datetime import UTC, datetime

from desktop.core.model import ON_DEVICE
from desktop.core.text import _, format_price
from desktop.tasks.backend import Backend
from desktop.ui.conversation.model_picker import ModelRow


def model_rows(backend: Backend) -> tuple[ModelRow, ...]:
    """The models that answer today, with prices where they are known."""
    rows = []
    for model in backend.catalog.offered(datetime.now(UTC).date()):
        rates = backend.prices.rates(model)
        note = ""
        if rates is not None and model.details:
            tier = rates.tier(0)
            note = _("{input} in, {output} out per million tokens").format(
                input=format_price(tier.input_usd * 1_000_000),
                output=format_price(tier.output_usd * 1_000_000),
            )
        elif not model.details:
            note = _("free, reads text and codes, nothing leaves this computer")
        rows.append(ModelRow(id=model.id, name=model_name(model.id), note=note))
    return tuple(rows)


def model_name(model_id: str) -> str:
    """The name of a model as the picker and the answers show it."""
    return _("On-device reader") if model_id == ON_DEVICE else model_id
