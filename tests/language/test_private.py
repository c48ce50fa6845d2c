import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.language.private import holds_private_details


@pytest.mark.parametrize(
    "message",
    [
        "write to anna.berg@firm.co.uk.",
        "call +49 171 2345678 or 0171/2345678",
        "(212) 555-0147",
        "917-555-0126",
        "06.55.50.19.43",
        "07911 123456",
        "+447911123456",
        "tel.0171 2345678",
        "00 49 171 2345678",
        "pay DE89 3704 0044 0532 0130 00",
        "de89370400440532013000",
        "4111 1111 1111 1111",
        "123-45-6789",
    ],
)
def test_details_by_which_a_person_is_reached_or_paid_are_private(message: str) -> None:
    assert holds_private_details(message)


@pytest.mark.parametrize(
    "message",
    [
        "2000000000 rows, 0.000123456 a row, ids like 4421-3321-11",
        "from 2020-2024, at 00:01:22, in 10 000 000 places",
        "mAP@0.5, recall@0.95, react@18.2.0, root@10.0.4.17, git@github.com:org/repo",
        "01/2023-12/2024, 2023-01-01/2024-01-01, from 01/02/2024 10:00 on, 03-04-2024 05-06-2024",
        "+20000000 rows, EAN 04006381333931, ticket 0012345678, order 20231105123456",
        "192.168.1.1 and 10.0.0.1 and 255.255.255.0",
        "SN12ABCD34EF56GH78, 4111 1111 1111 1112, 3f9d2c1a5b7e8f90123456789abcdef012345678",
        "1 234 567 890 events, columns 02 03 04 05",
    ],
)
def test_the_numbers_of_a_project_are_not(message: str) -> None:
    assert not holds_private_details(message)


@given(st.text(max_size=200) | st.from_regex(r"[0-9 ./+()@a-z-]{0,200}", fullmatch=True))
def test_whatever_is_written_it_is_told(message: str) -> None:
    assert holds_private_details(message) in (True, False)
