from hypothesis import given
from hypothesis import strategies as st

from klash.core.difference import Piece, difference


def test_words_that_were_added_and_removed_are_told_where_they_stand():
    assert difference("Kyydit ovat kalliita.", "Kyydit ovat aivan liian kalliita nyt.") == [
        Piece("same", "Kyydit ovat"), Piece("removed", " kalliita."), Piece("added", " aivan liian kalliita nyt."),
    ]
    assert difference("sama", "sama") == [Piece("same", "sama")]
    assert (difference("", "uusi"), difference("vanha", ""), difference("", "")) == ([Piece("added", "uusi")], [Piece("removed", "vanha")], [])


TEXT = st.text("ab \n", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_make_both_texts(before, after):
    pieces = difference(before, after)
    assert "".join(text for kind, text in pieces if kind != "added") == before
    assert "".join(text for kind, text in pieces if kind != "removed") == after
