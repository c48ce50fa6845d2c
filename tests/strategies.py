"""Hypothesis strategies shared by the core's tests."""

from hypothesis import strategies as st

from advisor.core.decision import Row, Scorecard
from advisor.core.facts import FACTORS, NOT_SURE, Fact, Situation, allowed_values
from advisor.core.roles import RECOMMENDATIONS

factors = st.sampled_from(list(FACTORS))
facts = factors.flatmap(lambda factor: st.builds(Fact, st.just(factor), st.sampled_from(allowed_values(factor))))
situations = st.lists(facts, max_size=9).map(lambda found: Situation().learn(found))

points = st.tuples(*[st.integers(-8, 8).map(lambda halves: halves / 2)] * len(RECOMMENDATIONS))


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    """Scorecards that nobody tuned: any rows, any points."""
    rows = []
    for number, given in enumerate(draw(st.lists(points, min_size=1, max_size=14))):
        factor = draw(st.none() | factors)
        value = draw(st.sampled_from((*FACTORS[factor], NOT_SURE))) if factor else None
        rows.append(Row(f"row-{number}", f"Claim {number}.", given, factor, value))
    return Scorecard(tuple(rows))
