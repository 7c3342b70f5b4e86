from itertools import product

import pytest

from klash.rules.visibility import VISIBLE, Field, Moment, Viewer, may_see

BLIND = (Field.BLIND_TITLE, Field.BLIND_TEXT, Field.CODE_NAME)
IDENTITY = (Field.TEAM_NAME, Field.MEMBER_NAME, Field.DRAFT_PROPOSAL, Field.SUBMITTED_PROPOSAL, Field.FILE_NAME, Field.RECEIPT, Field.CODE_WITH_TEAM)


def test_every_field_has_a_row_and_a_viewer():
    assert set(VISIBLE) == set(Field)
    assert all(VISIBLE.values())


@pytest.mark.parametrize("field", list(Field))
def test_a_viewer_sees_from_the_moment_in_the_table_and_ever_after(field):
    for viewer, moment in product(Viewer, Moment):
        begins = [VISIBLE[field][one] for one in {viewer, Viewer.ANYBODY} & set(VISIBLE[field])]
        assert may_see(field, {viewer}, moment) is any(begin <= moment for begin in begins), (viewer, moment)


@pytest.mark.parametrize("field", list(Field))
def test_being_more_never_hides(field):
    for moment in Moment:
        assert may_see(field, set(Viewer), moment) is any(may_see(field, {viewer}, moment) for viewer in Viewer)


@pytest.mark.parametrize("field", IDENTITY)
def test_the_jury_sees_nothing_of_a_team_that_the_public_does_not(field):
    assert Viewer.JURY not in VISIBLE[field]


@pytest.mark.parametrize("field", BLIND)
def test_the_blind_side_is_shown_to_no_team_and_of_the_staff_before_the_judging_ends_to_who_clears_it_alone(field):
    assert VISIBLE[field][Viewer.REGISTRAR] == Moment.COPIES_WRITTEN
    assert not {Viewer.OWN, Viewer.TEAM, Viewer.MENTOR} & set(VISIBLE[field])
    assert VISIBLE[field].get(Viewer.ANYBODY, Moment.WINNERS_PUBLISHED) == Moment.WINNERS_PUBLISHED
    assert VISIBLE[field].get(Viewer.STAFF, Moment.PROPOSALS_JUDGED) >= Moment.PROPOSALS_JUDGED


def test_the_map_opens_to_the_staff_alone_and_after_the_report_is_signed():
    assert VISIBLE[Field.CODE_WITH_TEAM] == {Viewer.STAFF: Moment.IDENTITIES_OPENED}
    assert Moment.REPORT_SIGNED < Moment.IDENTITIES_OPENED < Moment.DECIDED < Moment.WINNERS_PUBLISHED
