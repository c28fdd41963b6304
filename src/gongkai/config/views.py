"""The few pages that belong to no app: readiness, and what is shown when something failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongkai.config import doorplate, health
from gongkai.foundation.organisations.doors import ANYONE, door


@door(ANYONE)
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """For a load balancer or an alarm: 200 when all is well, otherwise 503; the parts as JSON."""
    well, state = health.readiness()
    return JsonResponse(state, status=200 if well else 503)


def server_error(request: HttpRequest) -> HttpResponse:
    """503 with telephone and address when the database is away, otherwise 500.

    Django calls this while the error is still being handled, and for middleware as well.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(doorplate.page(), status=503, headers={"Retry-After": "30"})
    return render(request, "500.html", status=500)
