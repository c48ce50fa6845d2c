from hypothesis import given
from hypothesis import strategies as st

from advisor.language.sense import LONGEST_PIECE_WORDS, _pieces


@given(st.text(st.sampled_from("a .!?\n"), max_size=3000))
def test_pieces_hold_every_word_once_and_in_order(message: str) -> None:
    pieces = [message[start:end] for start, end in _pieces(message)]
    assert "".join("".join(piece.split()) for piece in pieces) == "".join(message.split())
    assert all(len(piece.split()) <= LONGEST_PIECE_WORDS for piece in pieces)
    assert all(len(piece) <= LONGEST_PIECE_WORDS * 41 for piece in pieces if "\n" not in piece and "  " not in piece)


def test_a_long_message_is_cut_between_sentences_where_it_can_be() -> None:
    sentence = "Ten words make up this sentence, which is then repeated. "
    assert all(message.endswith("repeated.") for message in cut(sentence * 40))
    assert len(cut("word " * 300)) == 3


def cut(message: str) -> list[str]:
    return [message[start:end] for start, end in _pieces(message)]
