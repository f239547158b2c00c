"""What would be refused, and the clicks that mend it, in words for the composer."""

from collections.abc import Sequence

from desktop.core.model import Attachment
from desktop.core.pages import picture_name
from desktop.core.preflight import Finding, Fix, FixKind
from desktop.core.problem_text import explain
from desktop.core.problems import Code
from desktop.core.text import _, format_count, ngettext, printable
from desktop.ui.composer.state import FindingLine, detail_name
from desktop.ui.next_question import NextQuestion

_NAME_LIMIT = 60


def finding_lines(
    findings: Sequence[Finding], following: NextQuestion, carried: Sequence[Attachment]
) -> tuple[FindingLine, ...]:
    """Each finding as a sentence with its buttons, in the same order."""
    return tuple(
        FindingLine(
            text=_sentence(finding, following, carried),
            fixes=tuple(_fix_text(fix) for fix in finding.fixes),
        )
        for finding in findings
    )


def _sentence(finding: Finding, following: NextQuestion, carried: Sequence[Attachment]) -> str:
    reason = explain(finding.problem).what
    if finding.problem.code is not Code.IMAGE_REJECTED_BY_MODEL:
        return reason
    names = [picture_name(following.new[place].image) for place in finding.new]
    names += [picture_name(image.image) for image in carried if image.id in finding.carried]
    name = printable(names[0], limit=_NAME_LIMIT)
    if len(names) == 1:
        return _("“{name}”: {reason}").format(name=name, reason=reason)
    more = len(names) - 1
    text = ngettext("“{name}” and {count} more: {reason}", "“{name}” and {count} more: {reason}", more)
    return text.format(name=name, count=format_count(more), reason=reason)


def _fix_text(fix: Fix) -> str:
    match fix.kind:
        case FixKind.SHRINK:
            if len(fix.longest_px) == 1:
                return _("Shrink to {side} px").format(side=format_count(fix.longest_px[0]))
            return ngettext("Shrink {count} image", "Shrink {count} images", len(fix.new)).format(
                count=format_count(len(fix.new))
            )
        case FixKind.DETAIL:
            return _("Use {detail}").format(detail=detail_name(fix.detail)) if fix.detail else ""
        case FixKind.MODEL:
            return _("Switch to {model}").format(model=printable(fix.model or "", limit=_NAME_LIMIT))
        case FixKind.LEAVE_OUT:
            count = len(fix.new) + len(fix.carried)
            if count == 1:
                return _("Leave it out")
            return ngettext("Leave {count} image out", "Leave {count} images out", count).format(
                count=format_count(count)
            )
