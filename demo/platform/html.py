"""HTML made of calls: everything that is not marked safe is escaped."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "link", "img", "input", "br"})


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


def h(tag: str, *children: object, **attributes: object) -> Safe:
    """Make an element; `class_` and `data_x` become `class` and `data-x`, None and False vanish."""
    attrs = "".join(
        f" {name.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(str(value), quote=True)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Safe(f"<{tag}{attrs}>")
    return Safe(f"<{tag}{attrs}>{join(children)}</{tag}>")


def join(children: Iterable[object]) -> Safe:
    """Put children after each other; None and empty text take no room, lists are flattened."""
    parts = []
    for child in children:
        if child is None or child is False:
            continue
        if isinstance(child, Safe):
            parts.append(str(child))
        elif isinstance(child, list | tuple):
            parts.append(str(join(child)))
        else:
            parts.append(escape(str(child)))
    return Safe("".join(parts))
