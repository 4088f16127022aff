"""The product without receipts, to prove that the harness notices repeated commands being applied twice."""

from typing import Any

from config.asgi import application
from interviews.live import dispatch
from interviews.models import Receipt

__all__ = ["application"]


class _Forgetful:
    """Finds and stores no receipt."""

    def filter(self, **_wanted: Any) -> Any:
        return Receipt.objects.filter(pk=0)

    def bulk_create(self, _receipts: Any) -> None:
        return None


class _NoReceipt:
    objects = _Forgetful()

    def __init__(self, **_receipt: Any) -> None:
        pass

    def save(self, **_how: Any) -> None:
        return None


# Commands by themselves and in batches: both write their receipts in this module.
setattr(dispatch, "Receipt", _NoReceipt)  # noqa: B010  mypy knows it as a class
