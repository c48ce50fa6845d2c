"""A hiring-decision advisor that asks, recommends a role, and backs every reason with an exact quote.

from advisor import Advisor

conversation = Advisor.open().start()
reply = conversation.send("We have a churn model in a notebook and nobody to ship it")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advisor.api import Advisor, Conversation

__all__ = ["Advisor", "Conversation"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from advisor import api

        return getattr(api, name)
    raise AttributeError(f"module 'advisor' has no attribute {name!r}")
