"""What templates do by themselves."""

from swapboard.language import speaking
from swapboard.web.dashboard.rendering import environment


def test_numbers_in_sentences_are_written_as_each_language_writes_them() -> None:
    counted = environment().from_string(
        "{% trans count=n, who='<b>' %}{{ count }} number{% pluralize %}{{ count }} numbers{{ who }}{% endtrans %}"
    )
    with speaking("en"):
        assert counted.render(n=1) == "1 number"
        assert counted.render(n=12_345) == "12,345 numbers&lt;b&gt;"
    with speaking("de"):
        assert counted.render(n=12_345).startswith("12.345 ")
