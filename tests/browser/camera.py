"""Pictures for the documents, taken by the tests as they go.

`SWAPBOARD_PICTURES=docs/images .venv/bin/pytest tests/browser/wordpress` takes those of the WordPress plugin anew.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page


@dataclass(frozen=True, slots=True)
class Camera:
    """Writes to a folder, or nowhere where no pictures are wanted."""

    folder: Path | None

    def take(self, seen: Page | Locator, name: str) -> None:
        """What the window shows of a page, or one part of it, as `NAME.png`."""
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            seen.screenshot(path=self.folder / f"{name}.png", animations="disabled")


def camera(topic: str) -> Camera:
    """The camera for one document's pictures."""
    wanted = os.environ.get("SWAPBOARD_PICTURES")
    return Camera(Path(wanted) / topic if wanted else None)
