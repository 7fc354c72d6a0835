"""What somebody in the sandbox presses, in the order in which they are asked."""

NOTHING = "."


class Keypad:
    """The keys that are still to be pressed; a dot is a question that gets no key."""

    def __init__(self, keys: str) -> None:
        self._rest = keys

    def pressed(self, most: int, end_key: str) -> str:
        """The keys for one question: as many as it takes, or as there are before its end key."""
        if self._rest.startswith(NOTHING):
            self._rest = self._rest[1:]
            return ""
        keys = self._rest.split(NOTHING, 1)[0][:most]
        if end_key and end_key in keys:
            keys = keys.partition(end_key)[0]
            self._rest = self._rest[len(keys) + 1 :]
        else:
            self._rest = self._rest[len(keys) :]
            # The end key may come though the length was reached.
            self._rest = self._rest.removeprefix(end_key) if most > 1 and end_key else self._rest
        return keys
