"""Numbers, booleans and texts as a schema has them: pydantic alone takes `false` for 0, and "yes" for true."""

from collections.abc import Collection

from pydantic import BeforeValidator, Field


def as_described(value: object, kinds: Collection[object]) -> object:
    """The value, if it is what a schema of these types takes it for. Raises ValueError."""
    is_number = int in kinds or float in kinds
    if isinstance(value, bool | str) and is_number and type(value) not in kinds:
        raise ValueError("Write a number." if float in kinds else "Write a whole number.")
    if isinstance(value, int | float | str) and bool in kinds and type(value) not in kinds:
        raise ValueError("Write true or false.")
    return value


WHOLE = BeforeValidator(lambda value: as_described(value, (int,)))
NUMBER = BeforeValidator(lambda value: as_described(value, (float,)))
YES_OR_NO = BeforeValidator(lambda value: as_described(value, (bool,)))
SOMETHING = Field(json_schema_extra={"pattern": r"^[^\u0000]*[^\s\u0085\u0000][^\u0000]*$"})
"""For those who read the schema: something is left when it is stripped, and no NUL is in it."""
