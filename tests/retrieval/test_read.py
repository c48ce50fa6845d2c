from pathlib import Path

import pytest

from advisor.errors import CorpusError
from advisor.retrieval.read import find_files, read_sources


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_markdown_gives_its_body_and_its_title(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "---\ntitle: The title\n---\n\n# Heading\n\nWords.\n")
    (source,) = read_sources([path])
    assert (source.article.id, source.article.title) == ("a", "The title")
    assert source.article.text == "# Heading\n\nWords.\n"


def test_a_rule_at_the_top_is_no_front_matter(tmp_path: Path) -> None:
    (source,) = read_sources([write(tmp_path / "a.md", "---\nAsk us.\n---\nOn call.\n")])
    assert "Ask us." in source.article.text


def test_the_text_of_a_plain_file_is_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "What an engineer does\r\n\r\nWords.\r\n")
    (source,) = read_sources([path])
    assert source.article.text == "What an engineer does\n\nWords.\n"
    assert source.article.title == "What an engineer does"


def test_html_keeps_structure_and_drops_furniture(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Roles</title><script>alert(1)</script></head><body><nav>Home</nav><h1>Roles</h1>"
        "<p>An <b>ML engineer</b> deploys.</p><ul><li>One</li></ul><table><tr><th>A</th><th>B</th></tr>"
        "<tr><td>1</td><td>2</td></tr></table><footer>Subscribe</footer></body></html>"
    )
    (source,) = read_sources([write(tmp_path / "a.html", page)])
    assert source.article.title == "Roles"
    assert "An ML engineer deploys." in source.article.text
    assert "| 1 | 2 |" in source.article.text
    assert not any(word in source.article.text for word in ("alert", "Home", "Subscribe", "<"))


def test_utf_8_and_utf_16_with_a_mark_are_read(tmp_path: Path) -> None:
    one = write(tmp_path / "one.txt", "Größe".encode("utf-8-sig"))
    two = write(tmp_path / "two.txt", "Größe".encode("utf-16"))
    assert [source.article.text for source in read_sources([one, two])] == ["Größe", "Größe"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.md", b"", "no text"),
        ("blank.txt", b" \n\t\n", "no text"),
        ("only-header.md", b"---\ntitle: x\n---\n", "no text"),
        ("latin.txt", "Größe".encode("latin-1"), "UTF-8"),
        ("binary.txt", b"abc\x00def", "binary"),
        ("paper.md", b"%PDF-1.4 all of it ASCII", "a PDF"),
        ("image.png", b"\x89PNG", "not supported"),
        ("none", b"words", "not supported"),
        ("deep.html", b"<div>" * 3000 + b"words", "nested"),
        ("header.md", b"---\ntitle: [\n---\nwords", "front matter"),
        ("date.md", b"---\ndate: 2024-13-45\n---\nwords", "front matter"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(CorpusError, match=said) as error:
        read_sources([path])
    assert name in str(error.value)


def test_all_files_at_fault_are_named_at_once(tmp_path: Path) -> None:
    paths = [
        write(tmp_path / name, content) for name, content in (("a.md", b""), ("b.txt", b"\xff"), ("c.md", b"Good."))
    ]
    with pytest.raises(CorpusError) as error:
        read_sources(paths)
    assert "a.md" in str(error.value)
    assert "b.txt" in str(error.value)
    assert "c.md" not in str(error.value)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="missing"):
        find_files([tmp_path / "missing"])


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no document"):
        find_files([tmp_path])


def test_folders_are_walked_in_order_and_hidden_files_passed_over(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.txt", ".hidden.md", ".git/config.md"):
        write(tmp_path / name, "Words.")
    assert [path.relative_to(tmp_path).as_posix() for path in find_files([tmp_path, tmp_path / "b.md"])] == [
        "a/z.txt",
        "b.md",
    ]


def test_links_to_folders_are_not_followed_round_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "Words.")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.name for path in find_files([tmp_path])] == ["a.md"]


def test_a_title_is_one_printable_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", '---\ntitle: "one\\ntwo \\e[31m"\n---\nWords.\n')
    assert read_sources([path])[0].article.title == "one two [31m"


def test_two_files_of_one_name_get_two_ids(tmp_path: Path) -> None:
    paths = [write(tmp_path / folder / "a.md", folder) for folder in ("x", "y")]
    assert [source.article.id for source in read_sources(paths)] == ["a", "a-2"]
