"""The buttons of a convention's page that do something else than save: what is typed is saved first, then it is done.

Each is a button of the page's own form. `GO` names a page to open, `THEN` what to do; the value is its address.
"""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from conventions.domain.people.requests import SignedInRequest
from conventions.enums import Event
from conventions.models import Act, Convention

GO, THEN = "_aller", "_puis"
REASON = "_raison-"  # of a doubt that is set aside: its button is beside it
# Who says yes to an act says it of what is saved: nothing is saved on the way.
OF_WHAT_IS_SAVED = (Event.APPROVE, Event.ATTEST_REPRISE, Event.SIGN, Event.SIGN_LAST)


@dataclass(frozen=True, slots=True)
class Onward:
    """What a button asks for once the page is saved."""

    address: str
    match: ResolverMatch
    posts: bool

    @property
    def event(self) -> Event | None:
        found = self.match.kwargs.get("event", "")
        return Event(found) if found in Event.values else None

    @property
    def saves_nothing(self) -> bool:
        return self.event in OF_WHAT_IS_SAVED

    @property
    def label(self) -> str:
        """« Valider »; empty for what is no event of the act."""
        return str(self.event.label) if self.event else ""

    def go(self, request: SignedInRequest) -> HttpResponse:
        """Open the page, or do it as its own button would: the fields of the page are no concern of it."""
        if not self.posts:
            return HttpResponseRedirect(self.address)
        own = QueryDict(mutable=True)
        for name, values in request.POST.lists():
            if name.startswith(REASON):
                own.setlist(name, values)
        request.POST = own  # type: ignore[assignment]  # as if its button had posted it
        request.GET = QueryDict(self.address.partition("?")[2])
        found: HttpResponse = self.match.func(request, *self.match.args, **self.match.kwargs)
        return found


def asked(data: QueryDict, convention: Convention, act: Act) -> Onward | None:
    """What the pressed button asks for; None when it only saves, or names a page that is not ours."""
    posts = THEN in data or any(
        name.startswith(REASON) and str(value).strip() for name, value in data.items()
    )
    address = str(data.get(THEN) or data.get(GO) or (_doubt(data, act) if posts else ""))
    home = reverse("admin:conventions_convention_change", args=[convention.pk]).removesuffix("change/")
    if not address.startswith(home if posts else reverse("admin:index")):
        return None
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    return (
        Onward(address, match, posts) if match.url_name else None
    )  # the admin answers all the rest, without a name


def _doubt(data: QueryDict, act: Act) -> str:
    """A reason typed, and « Entrée » pressed: it is meant to be noted."""
    name = next(name for name, value in data.items() if name.startswith(REASON) and str(value).strip())
    address = reverse("admin:conventions_convention_doubt", args=[act.convention_id])
    return f"{address}?acte={act.rank}&doute={name.removeprefix(REASON)}"
