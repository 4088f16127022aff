"""The product without receipts, to prove that the harness notices repeated commands being applied twice."""

from typing import Any

from config.asgi import application
from interviews.live import dispatch
from interviews.models import Receipt

__all__ = ["application"]


class _Forgetful:
    """Finds no receipt."""

    def filter(self, **_wanted: Any) -> Any:
        return Receipt.objects.filter(pk=0)


class _NoReceipt:
    objects = _Forgetful()

    def __init__(self, **_receipt: Any) -> None:
        pass


def _insert_none(_receipts: list[Any]) -> None:
    pass


# Commands by themselves and in batches: both write their receipts in this module, which inserts nothing else.
setattr(dispatch, "Receipt", _NoReceipt)  # noqa: B010  mypy knows it as a class
setattr(dispatch, "insert", _insert_none)  # noqa: B010
