"""Fits when to answer and when to abstain, on development questions: `make learn-abstention`.

Prints the sections of `knowledge/abstention.toml`: for the bundled corpus, and for others, of which nobody knows what
they are asked for in vain, with questions beside them and without. Copies of the same articles stand in for those.
"""

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from advisor.api import Advisor
from advisor.core.abstention import Evidence, Sought, as_row, evidence
from advisor.corpora import bundled_corpus
from advisor.evaluation.question_cases import QuestionCase, read_question_cases
from advisor.retrieval.questions import ENDING
from advisor.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(prog="make learn-abstention", description=__doc__)
    parser.add_argument("--development", type=Path, required=True, help="questions to fit to, one a line")
    options = parser.parse_args()
    cases = read_question_cases(options.development)
    with tempfile.TemporaryDirectory() as folder:
        with_questions, without = Path(folder) / "with", Path(folder) / "without"
        shutil.copytree(bundled_corpus(), with_questions)
        shutil.copytree(bundled_corpus(), without, ignore=shutil.ignore_patterns(f"*{ENDING}"))
        corpora = {"bundled": bundled_corpus(), "with_questions": with_questions, "without_questions": without}
        for name, corpus in corpora.items():
            advisor = Advisor.open(Settings(Path(folder) / "home", (corpus,)))
            print(section(name, cases, [advisor.seek(case.question) for case in cases]))


def section(name: str, cases: Sequence[QuestionCase], sought: Sequence[Sought]) -> str:
    """The weights of a logistic regression as TOML; `answer_from` is where its two error rates are even."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score, roc_curve
    from sklearn.model_selection import cross_val_predict

    rows = np.array([as_row(evidence(one)) for one in sought])
    wanted = np.array([case.answerable for case in cases])
    model = LogisticRegression(C=10.0, max_iter=10_000)
    held_out = cross_val_predict(model, rows, wanted, cv=10, method="predict_proba")[:, 1]
    wrongly, rightly, thresholds = roc_curve(wanted, held_out)
    even = int(np.argmin(np.abs(wrongly - (1 - rightly))))
    model.fit(rows, wanted)
    weights = dict(zip((field.name for field in fields(Evidence)), model.coef_[0], strict=True))
    lines = [
        f"# held out: AUROC {roc_auc_score(wanted, held_out):.3f}; {rightly[even]:.3f} of what can be answered is, "
        f"and {wrongly[even]:.3f} of what cannot",
        f"[{name}]",
        f"intercept = {model.intercept_[0]:.3f}",
        *(f"{name} = {weight:.3f}" for name, weight in weights.items()),
        f"answer_from = {min(thresholds[even], 1.0):.3f}",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
