from advisor.core.stance import denials, order_of_roles, roles_named, subject, without_roles


def test_roles_are_known_by_their_names() -> None:
    assert roles_named("Data scientists explore") == {"data_scientist"}
    assert roles_named("MLEs deploy; an ML engineer does") == {"ml_engineer"}
    assert roles_named("machine learning engineers and a data scientist") == {"ml_engineer", "data_scientist"}
    assert roles_named("data science and machine learning") == frozenset()


def test_a_pronoun_stands_for_the_nearest_role() -> None:
    context = ("What a data scientist does", "ML engineer")
    assert subject("They deploy.", context=context) == {"ml_engineer"}
    assert subject("They deploy.", "A data scientist is here.", context) == {"data_scientist"}
    assert subject("A data scientist deploys.", "An ML engineer is here.", context) == {"data_scientist"}
    assert subject("They deploy.") == frozenset()


def test_the_order_of_roles_is_kept() -> None:
    assert order_of_roles("An ML engineer hardens a data scientist's model") == ("ml_engineer", "data_scientist")


def test_denials_are_counted() -> None:
    assert denials("It is not an entry-level job, and nobody can't say so without reason") == 4
    assert denials("A knot of notes") == 0


def test_what_is_said_of_a_role_can_be_taken_alone() -> None:
    assert without_roles("A data scientist builds models.") == "A builds models."
