"""What can be recommended."""

from types import MappingProxyType
from typing import Final

DATA_SCIENTIST: Final = "data_scientist"
ML_ENGINEER: Final = "ml_engineer"
BOTH_DATA_SCIENTIST_FIRST: Final = "both_data_scientist_first"
BOTH_ML_ENGINEER_FIRST: Final = "both_ml_engineer_first"
FULL_STACK_DATA_SCIENTIST: Final = "full_stack_data_scientist"
NOT_YET: Final = "not_yet"

RECOMMENDATIONS: Final = (
    DATA_SCIENTIST,
    ML_ENGINEER,
    BOTH_DATA_SCIENTIST_FIRST,
    BOTH_ML_ENGINEER_FIRST,
    FULL_STACK_DATA_SCIENTIST,
    NOT_YET,
)

BOTH: Final = (BOTH_DATA_SCIENTIST_FIRST, BOTH_ML_ENGINEER_FIRST)

FIRST_HIRE: Final = MappingProxyType(
    {
        DATA_SCIENTIST: DATA_SCIENTIST,
        ML_ENGINEER: ML_ENGINEER,
        BOTH_DATA_SCIENTIST_FIRST: DATA_SCIENTIST,
        BOTH_ML_ENGINEER_FIRST: ML_ENGINEER,
        FULL_STACK_DATA_SCIENTIST: FULL_STACK_DATA_SCIENTIST,
        NOT_YET: None,
    }
)
