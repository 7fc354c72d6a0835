"""Files that come within JSON, in base64."""

from typing import Annotated

from pydantic import Base64Bytes, Field

from swapboard.reports.cost_import import MOST_BYTES
from swapboard.web.api.route import ApiRoute


class FileRoute(ApiRoute):
    """A route that takes a platform's file."""

    most_body_bytes = MOST_BYTES * 3 // 2


PlatformFile = Annotated[
    Base64Bytes,
    Field(
        description="A platform's export as CSV or TSV, in base64: at most 16 MB.",
        json_schema_extra={"format": "byte"},
    ),
]
