"""The decision memo, the draft of a job description and the comparison of the roles, as Markdown."""

from collections.abc import Iterable, Mapping, Set
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from advisor.api import Advisor
from advisor.core.evidence import Quote
from advisor.core.facts import Situation
from advisor.core.roles import FIRST_HIRE
from advisor.errors import AdvisorError
from advisor.knowledge import Claim
from advisor.language.advising import percent
from advisor.language.wording import CitationList
from advisor.text import markdown_literal, one_line


class NothingToWriteError(AdvisorError):
    """There is no advice yet that a document could be about."""


def memo(
    advisor: Advisor, situation: Situation, date: str, *, doubted: Set[Quote] = frozenset(), pending: str | None = None
) -> str:
    """The decision: what is advised, why, what speaks against it, what would change it, and on what answers it rests.

    `doubted` are quotes that somebody called the wrong evidence, and `pending` is the factor of a question that is not
    answered yet. Raises `NothingToWriteError` before anything is known of the project.
    """
    if not situation.facts:
        raise NothingToWriteError("Nothing is known about the project yet, so there is nothing to write down.")
    reply = advisor.advice(situation)
    cited = CitationList([one.quote for one in reply.citations])
    return _write("memo.md", advisor, cited, reply=reply, date=date, doubted=doubted, pending=pending, quoted=True)


def job_description(advisor: Advisor, situation: Situation) -> str:
    """A draft for the role that is advised to start with, of what the documents say of it, with gaps to fill.

    Raises `NothingToWriteError` where nobody is to be hired yet.
    """
    verdict = advisor.advice(situation).verdict
    role = FIRST_HIRE[verdict.verdict.recommendation] if verdict and situation.facts else None
    if role is None:
        raise NothingToWriteError("The advice is to hire nobody yet, so there is no job to describe.")
    knowledge = advisor.wording.knowledge
    return _write("job.md", advisor, CitationList(), role=knowledge.wordings[role], profile=knowledge.profiles[role])


def comparison(advisor: Advisor) -> str:
    """The two roles side by side, in the documents' own words."""
    return _write("roles.md", advisor, CitationList(), aspects=advisor.wording.knowledge.comparison)


def _write(name: str, advisor: Advisor, cited: CitationList, *, quoted: bool = False, **told: Any) -> str:
    """Fill in a template. What it cites is listed after everything else, in full unless it is `quoted` there."""
    bindings: Mapping[str, tuple[Quote, ...]] = advisor.wording.bindings

    def marks(quotes: Iterable[Quote]) -> str:
        return " ".join(f"[{number}]" for number in cited.cite(quotes))

    def supported(claims: Iterable[Claim]) -> list[Claim]:
        return [claim for claim in claims if bindings[claim.id]]

    text = (
        _environment()
        .get_template(name)
        .render(**told, wording=advisor.wording, bindings=bindings, marks=marks, supported=supported)
    )
    sources = _environment().get_template("sources.md").render(citations=cited.citations(), quoted=quoted)
    return f"{text.strip()}\n\n{sources.strip()}\n"


@cache
def _environment() -> Environment:
    made = Environment(  # noqa: S701, it makes Markdown, in which `literal` escapes what is foreign
        loader=PackageLoader("advisor.takeaways"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {"literal": lambda text: markdown_literal(one_line(text)), "percent": percent}
    return made
