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

    def create(self, **_receipt: Any) -> None:
        return None


class _NoReceipt:
    objects = _Forgetful()


setattr(dispatch, "Receipt", _NoReceipt)  # noqa: B010  mypy knows it as a class
