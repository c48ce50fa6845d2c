"""Fits when to answer and when to abstain, on development questions: `make learn-abstention`.

Prints two sections of `knowledge/abstention.toml`: for the bundled corpus, and for others on its subject, of which
nobody knows what they are asked in vain. A copy of the same articles stands in for those. For documents on other
subjects there is nothing to fit: nearness does not tell what they answer (evals/handbooks).
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence, Set
from dataclasses import fields
from pathlib import Path
from typing import Final

from advisor.api import Advisor
from advisor.core.abstention import Evidence, Sought, evidence
from advisor.corpora import bundled_corpus
from advisor.evaluation.question_cases import QuestionCase, read_question_cases
from advisor.retrieval.questions import ENDING
from advisor.settings import Settings

ALL_EVIDENCE: Final = frozenset(field.name for field in fields(Evidence))
TOLERATED: Final = {"bundled": 0.05, "others": 0.10}
"""How much of what cannot be answered may be, held out. What other documents are asked for in vain nobody knows; as
little there would leave too much unanswered that they do answer."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make learn-abstention", description=__doc__)
    parser.add_argument("--development", type=Path, required=True, help="questions to fit to, one a line")
    options = parser.parse_args()
    cases = read_question_cases(options.development)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "articles"
        shutil.copytree(bundled_corpus(), copy, ignore=shutil.ignore_patterns(f"*{ENDING}"))
        for name, corpus, known in (
            ("bundled", bundled_corpus(), ALL_EVIDENCE),
            ("others", copy, {"meaning"}),
        ):
            advisor = Advisor.open(Settings(Path(folder) / "home", (corpus,)))
            print(section(name, cases, [advisor.seek(case.question) for case in cases], known))


def section(name: str, cases: Sequence[QuestionCase], sought: Sequence[Sought], known: Set[str]) -> str:
    """The weights of a logistic regression on what is `known` of the evidence, as TOML; 0 for what is not.
    `answer_from` is the least at which no more is wrongly answered than is `TOLERATED`."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score, roc_curve
    from sklearn.model_selection import cross_val_predict

    used = [field.name for field in fields(Evidence) if field.name in known]
    rows = np.array([[getattr(seen, part) for part in used] for seen in map(evidence, sought)])
    wanted = np.array([case.answerable for case in cases])
    model = LogisticRegression(C=10.0, max_iter=10_000)
    held_out = cross_val_predict(model, rows, wanted, cv=10, method="predict_proba")[:, 1]
    wrongly, rightly, thresholds = roc_curve(wanted, held_out, drop_intermediate=False)
    at = int(np.flatnonzero(wrongly <= TOLERATED[name])[-1])
    model.fit(rows, wanted)
    weights = {field.name: 0.0 for field in fields(Evidence)} | dict(zip(used, model.coef_[0], strict=True))
    lines = [
        f"# held out: AUROC {roc_auc_score(wanted, held_out):.3f}; {rightly[at]:.3f} of what can be answered is, "
        f"and {wrongly[at]:.3f} of what cannot",
        f"[{name}]",
        f"intercept = {model.intercept_[0]:.3f}",
        *(f"{part} = {weight:.3f}" for part, weight in weights.items()),
        f"answer_from = {min(thresholds[at], 1.0):.3f}",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
