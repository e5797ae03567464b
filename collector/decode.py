"""Bytes to typed records, for every adapter: the whole answer at once, row by row only when that fails.

So one bad row costs itself and not the answer, and a good answer costs one pass of msgspec.
"""

from typing import Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

T = TypeVar("T")

SHOWN = 200  # characters of foreign text that an error quotes


class Changed(Exception):
    """The answer as a whole has not the documented shape: HTML, half an answer, another envelope."""


class BadRow(Struct, frozen=True):
    """A row that could not be read: its place in the answer, why, and how it begins."""

    place: str
    reason: str
    text: str


class Body:
    """One answer's bytes, and after `decode` what of it could not be read."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.bad: list[BadRow] = []

    def decode(self, shape: type[T]) -> T:
        """The answer as `shape`, whose last type argument is the row: list[Row], dict[str, Row], Answer[Row].

        Strings that hold numbers become floats. Changed: not even the envelope fits.
        """
        try:
            return _decoder(shape).decode(self.raw)
        except msgspec.DecodeError as error:
            return self._row_by_row(shape, error)

    def _row_by_row(self, shape: type[T], error: msgspec.DecodeError) -> T:
        arguments = get_args(shape)
        if not arguments:
            raise self._changed(error)
        envelope = get_origin(shape)[(*arguments[:-1], msgspec.Raw)]  # type: ignore[index] # a generic of ours or a built-in
        try:
            answer = _decoder(envelope).decode(self.raw)
        except msgspec.DecodeError as raw_error:
            raise self._changed(raw_error) from error
        return self._keep_good(answer, _decoder(arguments[-1]), "")  # type: ignore[no-any-return] # the shape, mended

    def _changed(self, error: msgspec.DecodeError) -> Changed:
        start = self.raw[:SHOWN].decode(errors="replace")
        return Changed(f"{error}; the answer begins {start!r}")

    def _keep_good(self, value: Any, row: Decoder[Any], place: str) -> Any:
        """`value` with each Raw in it decoded, or left out and noted."""
        match value:
            case msgspec.Raw():
                return self._read_row(value, row, place)
            case dict():
                read = {key: self._keep_good(member, row, f"{place}.{key}") for key, member in value.items()}
                return {key: member for key, member in read.items() if not isinstance(member, BadRow)}
            case list():
                listed = [self._keep_good(member, row, f"{place}[{at}]") for at, member in enumerate(value)]
                return [member for member in listed if not isinstance(member, BadRow)]
            case Struct():
                for name in value.__struct_fields__:
                    setattr(value, name, self._keep_good(getattr(value, name), row, f"{place}.{name}"))
        return value

    def _read_row(self, raw: msgspec.Raw, row: Decoder[Any], place: str) -> Any:
        try:
            return row.decode(raw)
        except msgspec.DecodeError as error:
            bad = BadRow(place, str(error), bytes(raw)[:SHOWN].decode(errors="replace"))
            self.bad.append(bad)
            return bad


_decoders: dict[Any, Decoder[Any]] = {}


def _decoder(shape: type[T]) -> Decoder[T]:
    if shape not in _decoders:
        _decoders[shape] = Decoder(shape, strict=False)
    return _decoders[shape]
