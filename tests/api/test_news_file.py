"""What `octopus news` reads: a mistake in the file is one sentence, and nothing is made of it."""

from pathlib import Path

import pytest

from api.commands.news import _read
from api.commands.trouble import Trouble

GOOD = "name: spring\nheadline: [Faster, Ātrāk]\nbody: [New servers., Jauni serveri.]\n"


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    """With a topic or without."""
    file = tmp_path / "news.yaml"
    file.write_text(GOOD + "topic: HOSTING\n", "utf-8")

    assert _read(file)["headline"] == ["Faster", "Ātrāk"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "is not YAML"),
        ("- spring", "needs name"),
        ("name: spring\nheadline: [a, b]\n", "needs name"),
        (GOOD + "to: everybody\n", "nothing else"),
        (GOOD.replace("[Faster, Ātrāk]", "Faster"), "headline is two texts"),
        (GOOD.replace("[New servers., Jauni serveri.]", "[one, 2]"), "body is two texts"),
        (GOOD + "topic: 7\n", "name and topic are texts"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, said: str) -> None:
    """By the name of the file and of the key."""
    file = tmp_path / "news.yaml"
    file.write_text(text, "utf-8")

    with pytest.raises(Trouble, match=said):
        _read(file)
