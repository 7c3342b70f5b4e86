"""Admitted teams write, attach and submit."""

import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from klash.proposals import services as proposals
from klash.proposals.models import Proposal
from klash.replay.acts.teams import kind_of, leader_of
from klash.replay.material import texts, words
from klash.replay.scene import Scene
from klash.rules.states import ProposalState
from klash.teams.models import Team

# What one team forgets in its text, for the registrar to find.
SLIP = {"fi": "Lisätietoja saa numerosta 040 123 4567.", "sv": "Mer information fås på numret 040 123 4567.", "en": "Call 040 123 4567 for more."}

# What each team attaches: its timetable, as a document that tells in its properties who has made it. All invented.
TIMETABLE = {
    "fi": ["Aikataulu", "Vaihe", "Kuukaudet", "Suunnittelu kunnan kanssa", "Kokeilu pilottikunnassa", "Tulosten arviointi", "Käyttöönotto muissa kunnissa"],
    "sv": ["Tidtabell", "Skede", "Månader", "Planering med kommunen", "Försök i pilotkommunen", "Utvärdering av resultaten", "Ibruktagande i andra kommuner"],
    "en": ["Timetable", "Step", "Months", "Planning with the municipality", "Trial in the pilot municipality", "Evaluation of the results", "Use elsewhere"],
}
MONTHS = ("1–2", "3–8", "9–10", "11–18")
SHEET = b"""
#let told = json(bytes(sys.inputs.told))
#set document(title: told.title, author: told.author, date: none)
#set page(numbering: "1")
#set text(lang: told.lang, font: "Libertinus Serif")
= #told.title
== #told.heading
#table(columns: (1fr, auto), table.header(..told.head), ..told.rows.flatten())
"""


def submit(scene: Scene) -> None:
    """Let every admitted team write, attach and submit, some of them twice. Who withdrew by hand stays withdrawn."""
    span, names = scene.spans["proposals"], {challenge.pk: name for name, challenge in scene.challenges()}
    rows = list(Team.objects.admitted().filter(challenge__competition__code=scene.code).select_related("challenge__competition").order_by("pk"))
    order, used = scene.draw("order").random.sample(rows, len(rows)), set[str]()
    with scene.moments(span.opens_at + timedelta(days=1), span.closes_at - timedelta(minutes=2), len(order)) as tick:
        for number, team in enumerate(order):
            tick()
            pool = texts("proposals")[kind_of(names[team.challenge_id])]
            fresh = [row for row in pool if row["title"]["fi"] not in used] or pool
            row = scene.draw("proposal", number).pick(fresh)
            used.add(row["title"]["fi"])
            _submit(scene, team, row, number)


def _submit(scene: Scene, team: Team, row: Any, number: int) -> None:
    leader = leader_of(team)
    proposal = proposals.start_proposal(actor=leader, team=team)
    if proposal.state != ProposalState.DRAFT:
        return
    written, spare = row["sections"], next(iter(row["sections"].values()))
    given = {section.code: words(written.get(section.code, spare), team.language) for section in proposal.sections()}
    if number == 0:
        given[next(reversed(given))] += f"\n\n{SLIP[team.language]}"
    given["title"] = words(row["title"], team.language)
    given = {code: proposal.text(code) or text for code, text in given.items()}  # what somebody wrote by hand stays
    proposals.save_proposal(actor=leader, proposal=proposal, texts=given, revision=proposal.revision)
    if not proposal.files.exists():
        sheet = timetable(given["title"], leader.name, team.language)
        proposals.attach_file(actor=leader, proposal=proposal, uploaded=SimpleUploadedFile(f"liite-{number}.pdf", sheet, "application/pdf"))
    for attempt in range(1 + number % 2):
        proposals.submit_proposal(actor=leader, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key=f"{scene.seed}-{team.code}-{attempt}", confirmed_blind=True)
    scene.say(f"{team.name} submitted its proposal and got a receipt")


def timetable(title: str, author: str, language: str) -> bytes:
    """Return a team's timetable as PDF; equal words give equal bytes."""
    import typst  # 30 MB of compiler, which the demo's server does not need

    heading, step, months, *steps = TIMETABLE[language]
    told = {
        "title": title, "author": author, "lang": language, "heading": heading, "head": [step, months],
        "rows": list(zip(steps, MONTHS, strict=True)),
    }
    made: bytes = typst.compile(SHEET, sys_inputs={"told": json.dumps(told, ensure_ascii=False)}, ignore_system_fonts=True)
    return made
