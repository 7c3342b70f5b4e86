"""A broken file is refused with line and reason before anything is written."""

from importlib import resources

import pytest
import yaml

from klash.replay.acts.mentoring import topic_of
from klash.replay.criteria import MEANINGS
from klash.replay.facts import BrokenFile
from klash.replay.invent import invent, sizes
from klash.replay.moves import klash as klash_2019
from klash.replay.reader import read
from tests.replay.conftest import klash

WHOLE = resources.files("klash.replay").joinpath("data/klash-2019.yaml").read_text(encoding="utf-8")


def broken(tmp_path, old, new):
    """Write the file of 2019 with one change; return its path and the line of the change."""
    assert WHOLE.count(old) == 1, f"{old!r} stands {WHOLE.count(old)} times"
    path = tmp_path / "broken.yaml"
    path.write_text(WHOLE.replace(old, new), encoding="utf-8")
    return path, WHOLE[: WHOLE.index(old)].count("\n") + 1


def test_the_file_that_ships_is_whole(tmp_path):
    path = tmp_path / "whole.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    assert read(path).competition.id == "klash-2019"


def test_only_the_definition_of_suitability_is_told_as_known():
    known = {code: not bands[0]["is_inferred"] for code, (_, bands) in MEANINGS.items()}
    assert known == {**dict.fromkeys(MEANINGS, False), "suitability": True}


def test_the_topics_of_the_mentoring_days_stand_in_every_language():
    topics = [topic_of(fact) for fact in klash_2019().mentoring_sessions if fact.topic]
    assert [sorted(topic) for topic in topics] == [["en", "fi", "sv"]] * 4


@pytest.mark.parametrize(("old", "new", "reason"), [
    ("  organiser: kuntaliitto\n", "  organiser: [\n", "expected ',' or ']', but got ':'"),
    ("  organiser: kuntaliitto\n", "  name: twice\n  organiser: kuntaliitto\n", "name stands twice in one place"),
    ("  organiser: kuntaliitto\n", "  organiser:\tkuntaliitto\n", "found character '\\t' that cannot start any token"),
    ("    members_count: 5\n", "    members_count: many\n", "teams.0.members_count: write a whole number"),
    ("    members_count: 5\n", "    members_count: 6\n", "team kaikkikyytiin has 6 members; a team has 3 to 5"),
    ("{fi: Vantaa, sv: Vanda}", "{fi: Vantaanmaa, sv: Vanda}", "Vantaanmaa is no municipality in the register of 2018-08-16"),
    ("{fi: Vantaa, sv: Vanda}", "{sv: Vanda}", "municipalities.2.name: the Finnish text (fi) is missing"),
    ("{fi: Vantaa, sv: Vanda}", "{fi: Vantaa, se: Vanda}", "municipalities.2.name: languages are fi, sv and en, not se"),
    ("{id: vantaa, name: {fi: Vantaa", "{id: joensuu, name: {fi: Vantaa", "id joensuu stands twice"),
    ("    from_problem: problem_vantaa", "    from_problem: problem_oulu", "problem_oulu is not among the problems of the file"),
    ('end: {value: "2019-06-18"', 'end: {value: "2019-03-18"', "team_call ends before it starts"),
    ('start: {value: "2019-06-19"', 'start: {value: "2019-06-10"', "team_selection decides on what can still be handed in when it starts"),
    ('start: {value: "2019-10-23"', 'start: {value: "2019-08-23"', "proposals starts before the phase ahead of it"),
    ('start: {value: "2019-10-23"', 'start: {value: "2019-10-43"', "day is out of range for month"),
    ("date: 2019-09-24,", "date: 2019-13-01,", "2019-13-01 is no day: month must be in 1..12"),
    ("    members_count: 5\n", "    members_count: 500\n", "teams.0.members_count: must be at most 50"),
    ("  organiser: kuntaliitto\n", "  organiser: 2019\n", "competition.organiser: write a text; put it between quotation marks"),
    ("{fi: Vantaa, sv: Vanda}", "{fi: Vantaa, sv: " + "V" * 151 + "}", "municipalities.2.name: the text in sv is too long; at most 150 characters"),
    ('start: {value: "2019-10-23"', 'start: {value: "in autumn"', "write a day, month or year"),
    ("date: 2019-09-24,", "date: 2019-12-24,", "2019-12-24 lies outside the mentoring, 2019-09-24 to 2019-10-22"),
    ("{id: innovativeness, ", "{id: impact, ", "id impact stands twice"),
    ("by_challenge: {janakkala: 2, joensuu: 4, vantaa: 3}, source: seed}\n\nteams:", "by_challenge: {janakkala: 2, joensuu: 6, vantaa: 3}, source: seed}\n\nteams:",
     "joensuu admits 6 teams; the file names 1, and a challenge takes at most 5"),
    ("total: 9, named_here: 3", "total: 8, named_here: 3", "total is 8, the challenges together admit 9"),
    ("result: {municipalities: 65, problems: 77,", "result: {municipalities: 65, problems: 2,", "problems is 2; write a whole number from 3 to 5000"),
    ("result: {municipalities: 65, problems: 77,", "result: {municipalities: 400, problems: 77,", "the register of 2018-08-16 has 311 municipalities"),
    ("    name: KaikkiKyytiin\n", "    name: kyytiin.example.org\n", "kyytiin.example.org holds a web or e-mail address"),
    ("    name: KaikkiKyytiin\n", "    name: Kaikki  Kyytiin\n", "'Kaikki  Kyytiin' would be kept as 'Kaikki Kyytiin'; write it so"),
    ("    criteria_set: proposal_criteria\n", "    rules: {takes_questions: often}\n", "takes_questions is 'often'; write true or false"),
    ("{challenge: vantaa, team: rapida,", "{challenge: vantaa, team: rapido,", "rapido is not among the teams of the file"),
    ("{challenge: vantaa, team: rapida,", "{challenge: joensuu, team: rapida,", "team rapida belongs to vantaa, not to joensuu"),
])
def test_a_fault_is_told_with_its_line_and_reason(tmp_path, old, new, reason):
    path, line = broken(tmp_path, old, new)
    with pytest.raises(BrokenFile) as refusal:
        read(path)
    told = [row for row in str(refusal.value).splitlines() if reason in row]
    assert told, str(refusal.value)
    # An open bracket is noticed only where the next thing is not what should follow it.
    assert int(told[0].removeprefix(f"{path}, line ").split(":")[0]) - line in ((0,) if "[" not in new else (0, 1, 2))
    assert str(refusal.value).endswith("Nothing was written. Mend the file and run again.")


@pytest.mark.parametrize(("text", "reason"), [
    ("", "line 1: the file is empty"), ("- one\n- two\n", "line 1: the file must hold keys and values, such as name: value"),
])
def test_a_file_that_is_no_competition_is_told_so(tmp_path, text, reason):
    path = tmp_path / "other.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenFile, match=reason):
        read(path)


def test_what_the_database_would_refuse_in_mid_run_is_refused_before_it(tmp_path):
    whole = yaml.safe_load(WHOLE)
    whole["competition"]["name"] = "K" * 5000
    whole["challenges"][0]["official_title"]["fi"] = "H" * 3000
    path = tmp_path / "long.yaml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    with pytest.raises(BrokenFile) as refusal:
        read(path)
    assert "competition.name: is too long; at most 120 characters" in str(refusal.value)
    assert "challenges.0.official_title: the text in fi is too long; at most 150 characters" in str(refusal.value)


def test_a_panel_larger_than_any_is_refused(tmp_path):
    whole = yaml.safe_load(WHOLE)
    next(row for row in whole["bodies"] if row["id"] == "expert_panel_2018")["size"] = {"value": 50_000}
    path = tmp_path / "panel.yaml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    with pytest.raises(BrokenFile, match="size is .*; write a whole number from 1 to 100"):
        read(path)


def test_a_missing_key_names_the_place_that_lacks_it(tmp_path):
    path, line = broken(tmp_path, "    number: 3\n", "")
    with pytest.raises(BrokenFile, match=rf"line {line - 1}: challenges\.2\.number: is missing"):
        read(path)


def test_weights_that_do_not_add_up_are_told(tmp_path):
    ids = ("{id: impact, name: {fi: vaikuttavuus, sv: effekt, en: impact}}\n      - {id: innovativeness", "{id: impact, weight: 50, name: {fi: vaikuttavuus}}\n      - {id: innovativeness")
    path, line = broken(tmp_path, *ids)
    with pytest.raises(BrokenFile, match=rf"line {line}: the weights of proposal_criteria are 50 \+ 0 \+ 0; write whole numbers above 0 that add up to 100, or none"):
        read(path)


def test_missing_phases_and_criteria_are_named(tmp_path):
    path, _ = broken(tmp_path, "  - id: judging\n", "  - id: jury_time\n")
    with pytest.raises(BrokenFile, match="phases lack judging"):
        read(path)
    path, _ = broken(tmp_path, "    used_in: judging\n", "    used_in: jury_time\n")
    with pytest.raises(BrokenFile) as refusal:
        read(path)
    assert "jury_time is no phase" in str(refusal.value) and "no criteria are used in judging" in str(refusal.value)


def test_all_faults_are_told_at_once_in_the_order_of_lines(tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(WHOLE.replace("members_count: 5", "members_count: 6").replace("fi: Vantaa,", "fi: Vantaanmaa,"), encoding="utf-8")
    with pytest.raises(BrokenFile) as refusal:
        read(path)
    lines = str(refusal.value).splitlines()
    assert ["Vantaanmaa" in lines[0], "kaikkikyytiin" in lines[1], len(lines)] == [True, True, 3]


def test_a_file_that_is_not_there_or_not_text(tmp_path):
    with pytest.raises(BrokenFile, match="cannot be read: No such file or directory. Check the path."):
        read(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("competition: {name: Hämeenlinna}".encode("latin-1"))
    with pytest.raises(BrokenFile, match="is not UTF-8 text"):
        read(tmp_path / "latin.yaml")
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(BrokenFile, match="line 1: "):
        read(tmp_path / "empty.yaml")


def test_nothing_is_written_for_a_broken_file(tmp_path):
    path, line = broken(tmp_path, "    members_count: 5\n", "    members_count: 6\n")
    done = klash(tmp_path / "home", "replay", str(path), "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{path}, line {line}: team kaikkikyytiin has 6 members; a team has 3 to 5" in done.stderr
    assert not list((tmp_path / "home").glob("*.sqlite3*"))


@pytest.mark.parametrize(("text", "reason"), [
    ("problems=many", "'problems=many' is not understood; write problems=NUMBER, challenges=NUMBER"),
    ("problems=²", "is not understood"),
    ("people=3", "'people=3' is not understood"),
    ("problems", "'problems' is not understood"),
    ("challenges=0", r"challenges must lie between 1 and 16\."),
    ("problems=3,challenges=4", "challenges must lie between 1 and 3; each is made of a problem, and there are 3: write problems=NUMBER"),
    ("problems=5,challenges=10,teams=40", "between 1 and 5; each is made of a problem, and there are 5"),
    ("teams=61,challenges=3", "teams must lie between 1 and 60"),
    ("mentors=0", "mentors must lie between 1 and 1000"),
])
def test_sizes_that_make_no_sense_are_refused(text, reason):
    with pytest.raises(BrokenFile, match=reason):
        sizes(text)


def test_more_than_five_teams_a_challenge_set_the_limit_of_their_competition():
    facts, seed = invent("problems=500,challenges=10,teams=60,mentors=80,seed=7")
    assert (seed, facts.teams_count.total, set(facts.teams_count.by_challenge.values())) == (7, 60, {6})
    assert facts.phase("team_selection").rules == {"teams_per_challenge_max": 6}
