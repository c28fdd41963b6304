"""Routes under /say/. Their addresses stand on printed sheets: they do not change."""

from django.urls import path, register_converter

from gongkai.foundation.core.identifiers import ADDRESS_LENGTH, ALPHABET
from gongkai.procedure.feedback import paper, views


class AddressConverter:
    """A permanent address, and nothing else."""

    regex = f"[{ALPHABET}]{{{ADDRESS_LENGTH}}}"

    def to_python(self, value: str) -> str:
        """The address as written."""
        return value

    def to_url(self, value: str) -> str:
        """The address as written."""
        return value


register_converter(AddressConverter, "address")

app_name = "say"
urlpatterns = [
    path("", views.thing, name="thing"),
    path("question/", views.question, name="question"),
    path("topics/", views.topics, name="topics"),
    path("status/", views.status, name="status"),
    path("paper/", paper.check, name="paper"),
    path("<address:address>/", views.item, name="item"),
    path("<address:address>/problem/", views.problem, name="problem"),
]
