"""Finds by keywords, in English and Chinese, what a question asks, and what of it needs a model."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Need(StrEnum):
    """Something that only a model can do."""

    DESCRIBE = "describe"
    EXPLAIN = "explain"
    TRANSLATE = "translate"
    COUNT = "count"
    SUMMARISE = "summarise"
    CHART = "chart"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What to do for a question.

    Attributes:
        text: print the text of each image.
        codes: print the barcodes and QR codes of each image.
        facts: print what the files say about themselves.
        differences: compare the images.
        amounts: look for prices and their total.
        check: the total is to be checked.
        sure: False if nothing was recognised, so text and codes are a guess.
        needs: what is asked and needs a model, in the order of `Need`.
    """

    text: bool
    codes: bool
    facts: bool = False
    differences: bool = False
    amounts: bool = False
    check: bool = False
    sure: bool = True
    needs: tuple[Need, ...] = ()


_TEXT: Final = (
    r"\b(texts?|transcri\w*|ocr|words?|wording|written|says?|handwriting|line items?|every line|all lines)\b"
    r"|文字|文本|字句|逐行|写了|写着|抄录"
)
_READING: Final = r"\b(read|copy|extract|scan|type out)\b|读取|读出|复制|提取|识别|扫描"
_CODES: Final = (
    r"\bqr\b|\bbar ?codes?\b|\bcodes\b|\b(ean|isbn|upc|aztec|pdf417)\b|\bdata ?matrix\b"
    r"|\b(scan|decode)\b.{0,20}\bcode\b"
    r"|二维码|条码|条形码|扫码"
)
_FACTS: Final = (
    r"\bfiles?\b|\bmetadata\b|\bexif\b|\bcamera\b|\bgps\b|\bposition\b|\blocation\b|\bresolution\b"
    r"|\bdimensions?\b|\b(mega)?pixels?\b|\bhow (big|large)\b"
    r"|\b(when|where) (was|were)\b.{0,40}\b(taken|shot)\b"
    r"|文件|元数据|相机|拍摄|位置|定位|分辨率|尺寸|像素|格式|多大"
)
_DIFFERENCES: Final = (
    r"\bdiffer\w*\b|\bcompar\w*\b|\bchang(e|es|ed)\b|\bversus\b|\bvs\b"
    r"|区别|差异|差别|不同|对比|比较|变化|变了"
)
_AMOUNTS: Final = (
    r"\breceipts?\b|\binvoices?\b|\bline items?\b|\b(sub)?totals?\b|\bsums?\b|\bprices?\b|\bamounts?\b"
    r"|\bvat\b"
    r"|小票|收据|发票|账单|合计|总计|总额|总价|金额|价格|明细"
)
_CHECK: Final = r"\b(check|verify|correct|adds? up|right)\b|核对|检查|验证|对不对|是否正确"

_DESCRIBE: Final = (
    r"\bdescri\w*|\bcaptions?\b|\balt(ernative)? text\b|\bdepict\w*|\b(do|can) you see\b"
    r"|\bwhat('s| is| are| does)\b.{0,20}\b(pictures?|images?|photos?|screenshots?)\b"
    r"|描述|画面|看到什么|看到了什么|说明文字|(图|照片|图片)(中|里|上|片)?有什么"
)
_EXPLAIN: Final = (
    r"\bwhy\b|\bexplain\w*|\breasons?\b|\bcauses?\b|\bmean(s|ing)?\b|\bfix\b|\bsolve\b|\banaly[sz]\w*"
    r"|\binterpret\w*|\bhow (do|does|can|could|should|to)\b"
    r"|为什么|解释|原因|分析|怎么|如何|含义|意思"
)
_COUNT: Final = (
    r"\bhow many\b(?! (mega)?pixels)|\bcount\b|\bnumber of\b(?! (mega)?pixels)"
    r"|多少个|几个|数一数|数数|计数"
)
_NEEDS: Final[tuple[tuple[Need, str], ...]] = (
    (Need.DESCRIBE, _DESCRIBE),
    (Need.EXPLAIN, _EXPLAIN),
    (Need.TRANSLATE, r"\btranslat\w*|翻译|译成|译为"),
    (Need.COUNT, _COUNT),
    (Need.SUMMARISE, r"\bsummar\w*|\btl;?dr\b|\bgist\b|\bkey points\b|总结|概括|摘要|归纳|要点"),
    (Need.CHART, r"\bcharts?\b|\bgraphs?\b|\bplots?\b|\btrends?\b|图表|曲线|趋势|柱状图|折线图"),
)


def read_intent(question: str) -> Intent:
    """What ``question`` asks for. Where nothing is recognised, text and codes, and a model is needed."""
    asked = question.casefold()
    needs = tuple(need for need, pattern in _NEEDS if _has(pattern, asked))
    codes, facts = _has(_CODES, asked), _has(_FACTS, asked)
    differences, amounts = _has(_DIFFERENCES, asked), _has(_AMOUNTS, asked)
    topic = codes or facts or differences
    # "Alt text" asks for a description, not for letters.
    text = amounts or (_has(_TEXT, asked) and Need.DESCRIBE not in needs)
    text = text or (_has(_READING, asked) and not topic)
    sure = text or topic
    if not sure and not needs and asked.strip():
        needs = (Need.ANSWER,)
    return Intent(
        text=(text or not sure) and not differences,
        codes=codes or not sure,
        facts=facts,
        differences=differences,
        amounts=amounts,
        check=amounts and _has(_CHECK, asked),
        sure=sure,
        needs=needs,
    )


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None
