"""Replies as what the page shows: chat messages as Markdown, the side panel as HTML. All foreign text is escaped."""

from collections.abc import Sequence
from html import escape
from typing import Any

from advisor.core.facts import Fact
from advisor.core.replies import Citation, Reply
from advisor.language.wording import Wording, percent
from advisor.text import markdown_literal, trail

Message = dict[str, Any]
"""A message of Gradio's chat: role, content, and metadata for one that can be folded."""


def user_message(text: str) -> Message:
    return {"role": "user", "content": markdown_literal(text)}


def reply_messages(reply: Reply) -> list[Message]:
    """The reply, and under it its sources, folded."""
    messages: list[Message] = [{"role": "assistant", "content": reply.text}]
    if reply.citations:
        count = len(reply.citations)
        title = "1 source" if count == 1 else f"{count} sources"
        content = "\n\n".join(map(_source, reply.citations))
        messages.append({"role": "assistant", "content": content, "metadata": {"title": title, "status": "done"}})
    return messages


def panel(reply: Reply | None, wording: Wording) -> str:
    """What was understood and where it leans, as HTML."""
    facts = reply.understood if reply else ()
    return f"<h2>What I understood</h2>{_facts(facts, wording)}{_ranking(reply, wording)}"


def _source(citation: Citation) -> str:
    quoted = citation.quote
    place = trail(markdown_literal(quoted.title), markdown_literal(quoted.section))
    words = markdown_literal(" ".join(quoted.text.split()))
    return f"**[{citation.id}]** “{words}”  \n{place} ({quoted.start}–{quoted.end})"


def _facts(facts: Sequence[Fact], wording: Wording) -> str:
    if not facts:
        return "<p>Nothing yet.</p>"
    rows = "".join(
        f"<dt>{escape(wording.label(fact.factor))}</dt><dd>{escape(wording.option(fact))}{_said(fact)}</dd>"
        for fact in facts
    )
    return f"<dl>{rows}</dl>"


def _said(fact: Fact) -> str:
    return f"<br><small>“{escape(fact.said)}”</small>" if fact.origin == "said" and fact.said else ""


def _ranking(reply: Reply | None, wording: Wording) -> str:
    if reply is None or reply.verdict is None:
        return ""
    rows = "".join(
        f"<tr><th scope='row'>{escape(wording.knowledge.wordings[ranked.recommendation].label)}</th>"
        f"<td>{percent(ranked.probability)}</td></tr>"
        for ranked in reply.verdict.verdict.ranking
    )
    return f"<h2>Recommendations</h2><table>{rows}</table>"
