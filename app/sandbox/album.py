"""The bytes of uploaded pictures: in memory, or in a folder when the network is to outlive its process."""

from pathlib import Path


class Album:
    """Keeps pictures by name."""

    def __init__(self, folder: Path | None) -> None:
        """Keep them in `folder`, which is made when it is missing; without one, in memory."""
        self.folder = folder
        self.memory: dict[str, bytes] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, data: bytes) -> None:
        """Keep a picture. The name is made by the sandbox, never by a client."""
        if self.folder:
            (self.folder / name).write_bytes(data)
        else:
            self.memory[name] = data

    def get(self, name: str) -> bytes | None:
        """Answer a picture's bytes, or None."""
        if self.folder:
            path = self.folder / name
            return path.read_bytes() if path.is_file() else None
        return self.memory.get(name)

    def clear(self, names: list[str]) -> None:
        """Forget these pictures."""
        for name in names:
            self.memory.pop(name, None)
            if self.folder:
                (self.folder / name).unlink(missing_ok=True)
