"""How far a passage speaks to a question, the names of the roles left aside.

Nearly every passage of this corpus names a role, and so does nearly every question; two texts that share "data
scientist" look alike whatever they say of one. What is left without the names is what was asked.
"""

from collections.abc import Sequence

from langchain_core.embeddings import Embeddings

from advisor.core.evidence import Hit
from advisor.core.stance import without_roles
from advisor.retrieval.embed import similarities


def relevance(question: str, hits: Sequence[Hit], model: Embeddings) -> list[float]:
    """The cosine similarity, −1 to 1, of the question to each hit, with its context or without, the nearer one."""
    if not hits:
        return []
    bare = [without_roles(hit.text) for hit in hits]
    in_context = [without_roles(hit.passage.contextual_text) for hit in hits]
    target, *vectors = model.embed_documents([without_roles(question), *bare, *in_context])
    near = similarities(target, vectors)
    return [max(pair) for pair in zip(near[: len(hits)], near[len(hits) :], strict=True)]
