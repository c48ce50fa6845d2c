"""A decision on record: what was known, what was advised and why, and with which documents and rules.

A record can be verified at any later time: are its quotes still what the documents say, and would the same advice be
given today?
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from advisor.api import Advisor, Conversation
from advisor.core.decision import decide, weigh
from advisor.core.evidence import fingerprint
from advisor.core.facts import Fact, Situation
from advisor.core.roles import RECOMMENDATIONS
from advisor.errors import AdvisorError, CorpusError
from advisor.files import replace_file

FORMAT: Final = 1
SAME_WEIGHT: Final = 0.01
"""Log-odds; a claim that weighs no more or less than this weighs the same."""


class RecordError(AdvisorError):
    """A record that cannot be read, or a conversation that holds none."""


@dataclass(frozen=True, slots=True)
class Record:
    """`about` says with what the advice was given; `verdict` and `citations` are as in the reply that gave it.

    `weights` tells of every claim that held how far it moved the log-odds of what was recommended.
    """

    about: Mapping[str, str]
    facts: tuple[Fact, ...]
    weights: Mapping[str, float]
    verdict: Mapping[str, Any]
    citations: tuple[Mapping[str, Any], ...]
    feedback: tuple[Mapping[str, Any], ...] = ()
    """What somebody thought of the replies that led to it."""

    @classmethod
    def of(cls, advisor: Advisor, conversation: Conversation) -> Self:
        """What a conversation has come to. Raises `RecordError` before the first fact is known."""
        situation = conversation.state.situation
        if not situation.facts:
            raise RecordError("Nothing is known about the project yet, so there is nothing to put on record.")
        told = advisor.advice(situation).to_dict()
        weights = _weights(advisor, situation, told["verdict"]["recommendation"])
        return cls(advisor.about(), situation.facts, weights, told["verdict"], tuple(told["citations"]))

    @classmethod
    def read(cls, path: Path) -> Self:
        """A record that was kept. Raises `RecordError`, naming the file and what is wrong with it."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["format"] != FORMAT:
                raise ValueError(f"format {kept['format']!r}")
            for one in kept["citations"]:
                one["article"], one["quote"], one["sha256"]
                if not all(isinstance(one[place], int) for place in ("start", "end")):
                    raise ValueError(f"citation at {one['start']!r} to {one['end']!r}")
            facts = tuple(Fact(**fact) for fact in kept["facts"])
            if kept["verdict"]["recommendation"] not in RECOMMENDATIONS:
                raise ValueError(f"recommendation {kept['verdict']['recommendation']!r}")
            weights = {str(claim): float(weight) for claim, weight in kept["weights"].items()}
            feedback = tuple(kept.get("feedback", ()))
            return cls(kept["about"], facts, weights, kept["verdict"], tuple(kept["citations"]), feedback)
        except OSError as error:
            raise RecordError(f"{path}: {error.strerror or error}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecordError(f"{path} is no decision record that this version can read ({error!r}).") from error

    def keep(self, path: Path) -> None:
        """Write the record as JSON; a file that is there is replaced in one step."""
        replace_file(path, self.to_json())

    def to_json(self) -> bytes:
        """The record as a file holds it."""
        facts = [
            {"factor": f.factor, "value": f.value, "said": f.said, "origin": f.origin, "confidence": f.confidence}
            for f in self.facts
        ]
        kept = {
            "format": FORMAT,
            "about": self.about,
            "facts": facts,
            "weights": self.weights,
            "verdict": self.verdict,
            "citations": self.citations,
            "feedback": self.feedback,
        }
        return json.dumps(kept, ensure_ascii=False, indent=1).encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a record.

    `lost` are its quotes that the documents no longer hold at their place, `changed` what it was made with that is
    another now, `now` what would be recommended today, and `because` which claims are new, gone, or weigh otherwise
    for what was recommended.
    """

    was: str
    now: str
    lost: tuple[str, ...]
    changed: tuple[str, ...]
    because: tuple[str, ...]

    @property
    def moved(self) -> bool:
        return self.now != self.was

    @property
    def holds(self) -> bool:
        """Whether every quote is exact and the same advice would be given."""
        return not (self.lost or self.moved)


def verify(record: Record, advisor: Advisor) -> Verified:
    """Check a record against the present documents and rules."""
    scorecard = advisor.wording.knowledge.scorecard
    situation = Situation().learn(record.facts)
    today = advisor.about()
    was = record.verdict["recommendation"]
    return Verified(
        was=was,
        now=decide(scorecard, situation).recommendation,
        lost=tuple(one["quote"] for one in record.citations if not _stands(one, advisor)),
        changed=tuple(name for name in today if record.about.get(name) != today[name]),
        because=tuple(_differences(record.weights, _weights(advisor, situation, was))),
    )


def _stands(cited: Mapping[str, Any], advisor: Advisor) -> bool:
    try:
        text = advisor.article(cited["article"]).text
    except CorpusError:
        return False
    quoted = str(cited["quote"])
    return text[cited["start"] : cited["end"]] == quoted and fingerprint(quoted) == str(cited["sha256"])


def _differences(before: Mapping[str, float], now: Mapping[str, float]) -> Iterator[str]:
    """The claims that do not weigh the same, in the record's order."""
    for claim, weight in before.items():
        if claim not in now:
            yield f"gone ({weight:+.2f}): {claim}"
        elif abs(now[claim] - weight) > SAME_WEIGHT:
            yield f"weighs {now[claim]:+.2f} instead of {weight:+.2f}: {claim}"
    yield from (f"new ({weight:+.2f}): {claim}" for claim, weight in now.items() if claim not in before)


def _weights(advisor: Advisor, situation: Situation, recommendation: str) -> dict[str, float]:
    """By claim that holds, how far it moves the log-odds of a recommendation."""
    weighed = weigh(advisor.wording.knowledge.scorecard, situation, recommendation)
    return {reason.row.claim: round(reason.weight, 4) for reason in weighed}
