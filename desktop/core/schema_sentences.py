"""What is wrong with a schema, and where an answer does not fit one, in words."""

from desktop.core.answer_fit import Fit, Misfit, MisfitKind
from desktop.core.json_text import JsonFault
from desktop.core.schema_faults import Flaw, FlawKind
from desktop.core.schemas import MOST_CHARS
from desktop.core.text import _, format_count, join_clauses, join_list, join_sentences, marked, printable

_JSON = {
    JsonFault.EMPTY: marked("Nothing is written yet."),
    JsonFault.TOO_LONG: marked("The schema is longer than {count} characters."),
    JsonFault.TOO_DEEP: marked("Brackets are nested too deeply here."),
    JsonFault.COMMA: marked("A comma or a closing bracket is missing here."),
    JsonFault.TRAILING_COMMA: marked("The comma before this closing bracket is one too many."),
    JsonFault.COLON: marked("A colon is missing here."),
    JsonFault.KEY: marked("A name in straight double quotes must stand here."),
    JsonFault.VALUE: marked("This is no JSON value: text stands in straight double quotes."),
    JsonFault.EXTRA: marked("The schema is complete before this; what follows belongs to nothing."),
    JsonFault.STRING: marked("This text in quotes does not end, or holds a line break or a wrong backslash."),
    JsonFault.NUMBER: marked("A number in it is none that can be used."),
}
_FLAWS = {
    FlawKind.TWICE: marked("“{word}” stands in this object twice."),
    FlawKind.NOT_AN_OBJECT: marked(
        'The outermost schema must describe an object ("type": "object"); a list goes into a property of it.'
    ),
    FlawKind.NOT_A_SCHEMA: marked("A schema must stand here: an object in braces."),
    FlawKind.WRONG_TYPE: marked("“{word}” is no type. There are: {wanted}."),
    FlawKind.WRONG_VALUE: marked("“{word}” needs a value like this: {wanted}"),
    FlawKind.UNKNOWN_REQUIRED: marked("“{word}” is required, but there is no such property."),
    FlawKind.NETWORK: marked("“{word}” leads out of this schema. Nothing is fetched: put it under “$defs”."),
    FlawKind.REF_LEADS_NOWHERE: marked("“{word}” leads to nothing in this schema."),
    FlawKind.REF_LOOPS: marked("“{word}” leads back to itself without end."),
    FlawKind.OPEN: marked('Strict mode needs "additionalProperties": false in this object.'),
    FlawKind.OPTIONAL: marked("Strict mode needs every property to be required: “{word}” is not."),
    FlawKind.UNSUPPORTED: marked("Strict mode does not take “{word}”."),
    FlawKind.NO_TYPE: marked("Strict mode needs a type here."),
    FlawKind.ROOT_CHOICE: marked("Strict mode takes no choice (“anyOf”) outermost."),
    FlawKind.TOO_MANY_LEVELS: marked("Strict mode takes at most {wanted} levels."),
    FlawKind.TOO_MANY_VALUES: marked("Strict mode takes at most {wanted} values of “enum” in all."),
}


def flaw_sentence(flaw: Flaw) -> str:
    """What is wrong, without where; see `flaw_place`."""
    if flaw.json is not None:
        return _(_JSON[flaw.json]).format(count=format_count(MOST_CHARS))
    word = printable(flaw.word, limit=60)
    return _(_FLAWS[flaw.kind]).format(word=word or "…", wanted=flaw.wanted)


def flaw_place(flaw: Flaw) -> str:
    """Where: ``Line 4, column 12``, with the path where there is one."""
    line = _("Line {line}, column {column}").format(line=flaw.place.line, column=flaw.place.column)
    where = printable(flaw.where, limit=80)
    return f"{line} · {where}" if where else line


_MISFITS = {
    MisfitKind.TYPE: marked("should be: {wanted}"),
    MisfitKind.VALUE: marked("should be one of: {wanted}"),
    MisfitKind.MISSING: marked("lacks “{wanted}”"),
    MisfitKind.EXTRA: marked("is not in the schema"),
    MisfitKind.TOO_SMALL: marked("is below {wanted}"),
    MisfitKind.TOO_LARGE: marked("is above {wanted}"),
    MisfitKind.NOT_A_MULTIPLE: marked("is no multiple of {wanted}"),
    MisfitKind.TOO_FEW: marked("is shorter than {wanted}"),
    MisfitKind.TOO_MANY: marked("is longer than {wanted}"),
    MisfitKind.NONE_OF: marked("is none of what the schema allows"),
    MisfitKind.SEVERAL_OF: marked("is more than one of what the schema allows"),
    MisfitKind.FORBIDDEN: marked("is not allowed by the schema"),
}


def fit_sentence(fit: Fit) -> str:
    """``Fits the schema``, or where it does not."""
    if fit.misfits:
        clauses = join_clauses(_misfit_clause(misfit) for misfit in fit.misfits)
        return _("Does not fit the schema: {places}").format(places=clauses)
    if not fit.whole:
        return _("Too large to be held against the schema.")
    fits = _("Fits the schema.")
    if not fit.unchecked:
        return fits
    words = join_list(f"“{word}”" for word in fit.unchecked)
    return join_sentences(fits, _("Not looked at: {words}.").format(words=words))


def _misfit_clause(misfit: Misfit) -> str:
    wanted = printable(misfit.wanted, limit=60)
    what = _(_MISFITS[misfit.kind]).format(wanted=wanted)
    # Translators: a place within the answer, and what is wrong with it: "items[2].price should be: number".
    return _("{place} {what}").format(place=printable(misfit.where, limit=80) or _("the answer"), what=what)
