"""What the file of a competition's set-up says of the screening of problems."""

from typing import Any

from klash.competitions.models import Competition
from klash.competitions.set_up_file import Name, Part, Told, add_part
from klash.problems.services import add_question, remove_question


class Screening(Told):
    questions: list[Name] = []


def told(competition: Competition) -> dict[str, Any]:
    return {"questions": list(competition.eligibility_questions.values_list("text", flat=True))}


def put(*, actor: Any, competition: Competition, told: Screening) -> None:
    for question in competition.eligibility_questions.all():
        remove_question(actor=actor, question=question)
    for text in told.questions:
        add_question(actor=actor, competition=competition, text=text)


add_part(Part("screening", Screening, told, put))
