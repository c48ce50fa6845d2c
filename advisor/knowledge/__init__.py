"""What the advisor knows besides the corpus: the scorecard, the questions, the labels, the example utterances.

All of it is data in TOML files beside this one, checked as it is loaded; a file that contradicts itself or the
core raises `KnowledgeError`, which names the place.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from advisor.core.abstention import Weights
from advisor.core.decision import Points, Row, Scorecard
from advisor.core.facts import FACTORS, UNCOMMITTED
from advisor.core.replies import Option
from advisor.core.roles import DATA_SCIENTIST, ML_ENGINEER, RECOMMENDATIONS
from advisor.errors import KnowledgeError
from advisor.knowledge.itself import SUBJECTS
from advisor.text import one_line


@dataclass(frozen=True, slots=True)
class Support:
    """Words of the bundled corpus that state a claim."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of the advisor's own, and the words that support it."""

    id: str
    text: str
    support: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class QuestionText:
    """How one factor is asked about.

    `why` is the claim that gives the reason for asking; `names` are words by which people refer to the factor, in
    lower case.
    """

    factor: str
    label: str
    text: str
    options: tuple[Option, ...]
    why: Claim
    names: tuple[str, ...]

    def option_label(self, value: str) -> str:
        return next(option.label for option in self.options if option.value == value)


@dataclass(frozen=True, slots=True)
class RecommendationText:
    """How a recommendation is said: in a list, and as a sentence."""

    label: str
    advice: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A matter on which two articles differ, and the verdicts for which it counts."""

    id: str
    about: str
    recommendations: tuple[str, ...]
    sides: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What a role does, knows and works with."""

    duties: tuple[Claim, ...]
    skills: tuple[Claim, ...]
    tools: tuple[Claim, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (*self.duties, *self.skills, *self.tools)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One matter on which the two roles are set side by side, in the documents' words."""

    name: str
    data_scientist: Claim
    ml_engineer: Claim


@dataclass(frozen=True, slots=True)
class ForeignText:
    """What is said, in a language that is not read, to whoever writes in it: that it is not, or where to find help."""

    unread: str
    distress: str


@dataclass(frozen=True)
class Knowledge:
    """Everything of the above. `claims` are what it decides and asks by, `descriptions` what it tells of the roles."""

    scorecard: Scorecard
    claims: tuple[Claim, ...]
    descriptions: tuple[Claim, ...]
    questions: Mapping[str, QuestionText]
    wordings: Mapping[str, RecommendationText]
    disagreements: tuple[Disagreement, ...]
    profiles: Mapping[str, Profile]
    comparison: tuple[Aspect, ...]
    languages: Mapping[str, ForeignText]
    abstention: Mapping[str, Weights]
    about_itself: Mapping[str, str]

    @property
    def question_texts(self) -> dict[str, str]:
        """The words in which each factor is asked about."""
        return {factor: question.text for factor, question in self.questions.items()}


FOLDER: Final = files(__package__)


def load_knowledge() -> Knowledge:
    """The knowledge that travels with the package. Raises `KnowledgeError`."""
    try:
        return _load_knowledge()
    except (KeyError, TypeError) as error:
        raise KnowledgeError(f"A knowledge file lacks {error}.") from error


def fingerprints() -> dict[str, str]:
    """The SHA-256 of all rules and texts together, and of each trained network."""
    rules = sorted(path.name for path in FOLDER.iterdir() if path.name.endswith(".toml"))
    parts = {
        "rules": rules,
        "reader": ["reader.safetensors", "itself.safetensors"],
        "search": ["search.safetensors", "unanswered.safetensors"],
    }
    return {
        part: hashlib.sha256(b"".join(FOLDER.joinpath(name).read_bytes() for name in names)).hexdigest()
        for part, names in parts.items()
    }


def _load_knowledge() -> Knowledge:
    rows = _read("scorecard.toml")["row"]
    questions = {question.factor: question for question in _questions(_read("questions.toml"))}
    disagreements = tuple(_disagreement(topic) for topic in _read("disagreements.toml")["topic"])
    written = _read("profiles.toml")
    profiles = {role: _profile(role, written[role]) for role in written if role != "comparison"}
    comparison = tuple(_aspect(number, table) for number, table in enumerate(written["comparison"], start=1))
    claims = (
        *(_claim("scorecard.toml", row["id"], row["claim"], row) for row in rows),
        *(question.why for question in questions.values()),
        *(side for topic in disagreements for side in topic.sides),
    )
    descriptions = (
        *(claim for profile in profiles.values() for claim in profile.claims),
        *(claim for aspect in comparison for claim in (aspect.data_scientist, aspect.ml_engineer)),
    )
    _refuse_twice("claims", [claim.id for claim in (*claims, *descriptions)])
    return Knowledge(
        scorecard=Scorecard(tuple(_row(row) for row in rows)),
        claims=claims,
        descriptions=descriptions,
        questions=questions,
        wordings=_wordings(_read("recommendations.toml")),
        disagreements=disagreements,
        profiles=profiles,
        comparison=comparison,
        languages=load_languages(),
        abstention={corpus: Weights(**weights) for corpus, weights in _read("abstention.toml").items()},
        about_itself=_about_itself(_read("itself.toml")),
    )


def load_languages() -> Mapping[str, ForeignText]:
    """What to say to somebody who writes in a language that is not read, by ISO 639-1 code."""
    return {code: ForeignText(**words) for code, words in _read("languages.toml").items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(name).read_text(encoding="utf-8"))


def _claim(file: str, name: str, text: str, table: Mapping[str, Any]) -> Claim:
    support = tuple(Support(entry["article"], entry["quote"]) for entry in table.get("support", ()))
    if not support:
        raise KnowledgeError(f"{file}: {name} has no support. Quote the words of the corpus that state it.")
    return Claim(name, text, support)


def _row(table: Mapping[str, Any]) -> Row:
    try:
        return Row(table["id"], table["claim"], _points(table), table.get("factor"), table.get("value"))
    except ValueError as error:
        raise KnowledgeError(f"scorecard.toml: {error}") from error


def _points(table: Mapping[str, Any]) -> Points:
    unknown = set(table["points"]) - set(RECOMMENDATIONS)
    if unknown:
        raise KnowledgeError(f"scorecard.toml: {table['id']} gives points to {sorted(unknown)}.")
    return tuple(float(table["points"].get(recommendation, 0)) for recommendation in RECOMMENDATIONS)


def _questions(written: Mapping[str, Any]) -> Iterator[QuestionText]:
    for factor, values in FACTORS.items():
        table = written[factor]
        labels = {**table["options"], **{value: written["any"][value] for value in UNCOMMITTED}}
        if tuple(table["options"]) != values:
            raise KnowledgeError(f"questions.toml: the options of {factor} must be {', '.join(values)}.")
        options = tuple(Option(value, label) for value, label in labels.items())
        why = _claim("questions.toml", f"why-{factor}", table["why"], table)
        yield QuestionText(factor, table["label"], table["text"], options, why, tuple(table["names"]))


def _wordings(written: Mapping[str, Any]) -> Mapping[str, RecommendationText]:
    if set(written) != set(RECOMMENDATIONS):
        raise KnowledgeError(f"recommendations.toml must word exactly {', '.join(RECOMMENDATIONS)}.")
    return {name: RecommendationText(table["label"], table["advice"]) for name, table in written.items()}


def _about_itself(written: Mapping[str, str]) -> Mapping[str, str]:
    if set(written) != set(SUBJECTS):
        raise KnowledgeError(f"itself.toml must tell exactly of {', '.join(SUBJECTS)}.")
    return {subject: one_line(text) for subject, text in written.items()}


def _disagreement(table: Mapping[str, Any]) -> Disagreement:
    sides = tuple(
        Claim(f"{table['id']}-{number}", side["quote"], (Support(side["article"], side["quote"]),))
        for number, side in enumerate(table["sides"], start=1)
    )
    if len(sides) != 2 or not set(table["recommendations"]) <= set(RECOMMENDATIONS):
        raise KnowledgeError(f"disagreements.toml: {table['id']} needs two sides and known recommendations.")
    return Disagreement(table["id"], table["about"], tuple(table["recommendations"]), sides)


def _profile(role: str, written: Mapping[str, Any]) -> Profile:
    if role not in RECOMMENDATIONS:
        raise KnowledgeError(f"profiles.toml: nobody can hire a {role!r}.")
    parts = {
        part: tuple(
            _claim("profiles.toml", f"{role}-{part}-{number}", table["text"], table)
            for number, table in enumerate(written[part], start=1)
        )
        for part in ("duties", "skills", "tools")
    }
    return Profile(**parts)


def _aspect(number: int, table: Mapping[str, Any]) -> Aspect:
    sides = (
        Claim(f"compare-{role}-{number}", side["quote"], (Support(side["article"], side["quote"]),))
        for role in (DATA_SCIENTIST, ML_ENGINEER)
        for side in (table[role],)
    )
    return Aspect(table["aspect"], *sides)


def _refuse_twice(what: str, names: Sequence[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise KnowledgeError(f"{what} with the same id: {', '.join(twice)}.")
