"""How answers look: colours and sizes of the theme in force, and Qt's subset of CSS for them."""

from dataclasses import dataclass
from functools import lru_cache

from desktop.ui import theme
from desktop.ui.conversation.leaves import Kind, Leaf

LIST_PX = 24
DIGIT_PX = 8
QUOTE_PX = 15
CODE_HEAD_PX = 32
CODE_SIDE_PX = 12
CODE_END_PX = 9
RULE_PX = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours (``#rrggbb``) and sizes (pixels) of a rendered answer."""

    text: str
    muted: str
    link: str
    keyword: str
    string: str
    number: str
    comment: str
    deleted: str
    text_px: int
    table_px: int
    code_px: int
    code_family: str
    cell_padding_px: int = 10


def current_look() -> Look:
    """What the theme in force says about answers."""
    now = theme.current()
    return _look_of(now, now.mode)


@lru_cache(maxsize=4)
def _look_of(now: theme.Theme, _mode: str) -> Look:
    return Look(
        text=now.color("text").name(),
        muted=now.color("text_muted").name(),
        link=now.color("accent_soft_text").name(),
        keyword=now.color("accent_soft_text").name(),
        string=now.color("success").name(),
        number=now.color("warning_text").name(),
        comment=now.color("text_faint").name(),
        deleted=now.color("danger").name(),
        text_px=now.font("answer").pixelSize(),
        table_px=now.font("table").pixelSize(),
        code_px=now.font("mono").pixelSize(),
        code_family=now.font("mono").family(),
        cell_padding_px=now.metric("table_cell_padding"),
    )


@lru_cache(maxsize=32)
def stylesheet(look: Look, kind: Kind) -> str:
    """For `QTextDocument.setDefaultStyleSheet`; as Qt reads it each time, only what a ``kind`` needs."""
    code = f"font-family:'{look.code_family}';font-size:{look.code_px}px"
    if kind is Kind.CODE:
        return f"""
            p {{ {code}; white-space:pre-wrap; margin:0; line-height:130%; color:{look.text}; }}
            .k {{ color:{look.keyword}; }} .s {{ color:{look.string}; }} .n {{ color:{look.number}; }}
            .c {{ color:{look.comment}; }} .d {{ color:{look.deleted}; }}
        """
    inline = f"""
        strong {{ font-weight:600; }}
        a {{ color:{look.link}; text-decoration:underline; }}
        .code {{ {code}; }}
        .pad {{ letter-spacing:4px; }}
        .gone {{ color:{look.muted}; }}
    """
    if kind is Kind.TABLE:
        side = look.cell_padding_px
        cell = f"padding:6px {side}px 6px {side}px;font-size:{look.table_px}px"
        return f"""{inline}
            table {{ margin:0; }}
            th, td {{ {cell}; color:{look.text}; }}
            th {{ font-weight:600; }}
        """
    return f"""{inline}
        p {{ margin:0; line-height:122%; color:{look.text}; }}
        p.quoted {{ color:{look.muted}; }}
        p.h1 {{ font-size:{look.text_px + 5}px; font-weight:600; }}
        p.h2 {{ font-size:{look.text_px + 3}px; font-weight:600; }}
        p.h3 {{ font-size:{look.text_px + 1}px; font-weight:600; }}
        p.h4 {{ font-weight:600; }}
        p.maths {{ font-size:{look.text_px + 2}px; }}
    """


def page(leaf: Leaf) -> str:
    """The HTML of one leaf; its content is escaped already."""
    if leaf.kind is Kind.TABLE:
        return f'<table cellspacing="0">{leaf.html}</table>'
    if leaf.kind is Kind.HEADING:
        return f'<p class="h{leaf.size}">{leaf.html}</p>'
    if leaf.kind is Kind.MATHS:
        return f'<p class="maths" align="center">{leaf.html}</p>'
    quoted = any(level.quote for level in leaf.levels) and leaf.kind is Kind.TEXT
    return f'<p class="quoted">{leaf.html}</p>' if quoted else f"<p>{leaf.html}</p>"


def gap_px(before: Leaf | None, leaf: Leaf) -> int:
    """The room between two leaves."""
    if before is None or leaf.goes_on:
        return 0
    if leaf.tight and before.kind is Kind.TEXT:
        return 4
    return max(_BELOW.get(before.kind, 8), _above(leaf))


def indent_px(leaf: Leaf, width: int) -> list[int]:
    """Where each of its levels ends, from the left; never so far that nothing can be read."""
    places: list[int] = []
    at = 0
    for level in leaf.levels:
        at += QUOTE_PX if level.quote else LIST_PX + DIGIT_PX * max(level.digits - 2, 0)
        places.append(min(at, width // 2))
    return places


def _above(leaf: Leaf) -> int:
    if leaf.kind is Kind.HEADING:
        return (16, 14, 12, 10)[leaf.size - 1]
    return {Kind.TABLE: 6, Kind.CODE: 8}.get(leaf.kind, 0)


_BELOW = {Kind.HEADING: 6, Kind.TABLE: 10, Kind.CODE: 10}
