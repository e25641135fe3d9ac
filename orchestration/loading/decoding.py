"""A file as a stream of UTF-8 blocks: compression, byte order marks, encodings, checksum.

Put here what turns bytes on disk into clean UTF-8. Do not put here lines or fields (records.py).
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from orchestration.errors import ChairsideError

BLOCK_BYTES = 1 << 21
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class DecodedFile:
    """Reads a file once, block by block; `sha256` is complete when the blocks are used up."""

    def __init__(self, path: Path, encoding: str | None = None, name: str | None = None) -> None:
        """Take a path (.gz is unpacked) and an encoding; without one, UTF-8 or what a mark says."""
        self.path = path
        self.name = name or path.name
        self.encoding = encoding
        self.size = path.stat().st_size
        self.position = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The checksum of the bytes on disk read so far."""
        return self._hash.hexdigest()

    def blocks(self) -> Iterator[bytes]:
        """Yield the text as UTF-8 without a byte order mark.

        Raises ChairsideError naming file and line where bytes are not of the encoding.
        """
        decoder: codecs.IncrementalDecoder | None = None
        lines = 0
        for block in self._raw_blocks():
            if decoder is None:
                encoding, block = self._without_mark(block)  # noqa: PLW2901
                decoder = codecs.getincrementaldecoder(encoding)()
            text = self._decode(decoder, block, lines)
            lines += text.count("\n")
            yield text.encode()
        if decoder is not None:
            self._decode(decoder, b"", lines, final=True)

    def _without_mark(self, block: bytes) -> tuple[str, bytes]:
        for mark, encoding in _BYTE_ORDER_MARKS:
            if block.startswith(mark):
                return encoding, block[len(mark) :]
        return self.encoding or "utf-8", block

    def _decode(
        self, decoder: codecs.IncrementalDecoder, block: bytes, lines: int, final: bool = False
    ) -> str:
        try:
            return decoder.decode(block, final)
        except UnicodeDecodeError as error:
            line = lines + 1 + error.object[: error.start].count(b"\n")
            found = " ".join(f"0x{byte:02x}" for byte in error.object[error.start : error.end])
            raise ChairsideError(
                f"{self.name}, line {line}: the bytes {found} are not {error.encoding}.",
                "Save the file as UTF-8, or state its encoding in a mapping, such as"
                " `encoding: cp1252` for files from Windows programs.",
            ) from None

    def _raw_blocks(self) -> Iterator[bytes]:
        with self.path.open("rb") as disk:
            counted = _Counted(disk, self._hash)
            packed = self.path.suffix == ".gz"
            stream = gzip.GzipFile(fileobj=counted) if packed else counted
            try:
                while block := stream.read(BLOCK_BYTES):
                    self.position = disk.tell()
                    yield block
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                raise ChairsideError(
                    f"{self.name} is not a whole gzip file: {error}.",
                    "Copy or export the file again.",
                ) from None


class _Counted(io.RawIOBase):
    """A binary file that hashes what is read from it."""

    def __init__(self, file: IO[bytes], digest: hashlib._Hash) -> None:
        super().__init__()
        self._file = file
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        block = self._file.read(size)
        self._digest.update(block)
        return block
