"""A table of a set-up's file."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from swapboard.numbers.e164 import parse_number

Phone = Annotated[str, AfterValidator(parse_number)]


class Part(BaseModel):
    """A table of the file; a key that we do not know is refused, because a misspelt one would do nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)
