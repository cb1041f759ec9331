"""The page that imports the national directory: the files, then what they would do, then all of it or nothing."""

import hashlib
import tempfile
from pathlib import Path

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from confluences.admin_imports import WAITING_FOLDER, WAITING_HOURS, forget_abandoned_files
from confluences.exports import download
from confluences.formats import number
from confluences.models import User
from confluences.pages import posted
from confluences.uploads import bare_name
from partners.national_actions import apply
from partners.national_forms import NationalImportForm
from partners.national_plan_reports import Tally, about_of, preview, summary
from partners.national_reports import PAGE_LIMITS, Tell, check

SALT = "national-import"


def national_import(request):
    form = NationalImportForm(posted(request), request.FILES or None)
    context = {"form": form, "limits": PAGE_LIMITS, "megabytes": PAGE_LIMITS.size // (1024 * 1024)}
    status = form.status
    if request.method == "POST" and form.is_valid():
        try:
            outcome = _checked(request.user, form)
        finally:
            _progress_of(request.user).unlink(missing_ok=True)
        status = 422 if outcome["faults"].total else 200
        context |= outcome
    return render(request, "partners/national_import.html", context, status=status)


@require_POST
def national_confirm(request):
    """Imports the rows whose preview was confirmed, as they were previewed."""
    stored = _kept(request.user, request.POST.get("ticket", ""))
    if stored is None:
        messages.error(request, "Ce fichier n’attend plus d’être confirmé. Choisissez-le à nouveau.")
        return redirect("partners:national-import")
    path = Path(default_storage.path(stored))
    with path.open("rb") as file:
        about = about_of(file)
    try:
        tally = apply(path, by=request.user, tell=_teller(request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("partners:national-import")
    finally:
        _progress_of(request.user).unlink(missing_ok=True)
    default_storage.delete(stored)
    done = summary(about.read, about.aside, tally, done=True)
    messages.success(request, f"L’annuaire est importé. {' '.join(done)}")
    return redirect("partners:national-import")


def national_notes(request, ticket):
    """Every fault and warning of a file, as CSV."""
    stored = _kept(request.user, ticket)
    if stored is None:
        raise Http404
    with default_storage.open(stored) as file:
        return download(file.read(), filename="remarques.csv", content_type="text/csv; charset=utf-8")


def national_progress(request):
    """How far this user's import is, in words: the page asks while it waits."""
    place = _progress_of(request.user)
    try:
        words = place.read_text(encoding="utf-8")
    except OSError:  # nothing runs, or it is being written
        words = ""
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def _checked(user: User, form: NationalImportForm) -> dict:
    """What the page says of the files that were sent."""
    tell = _teller(user)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sent = [form.cleaned_data[field] for field in ("file", "services") if form.cleaned_data[field]]
        files = [_copied(file, folder / str(place)) for place, file in enumerate(sent)]
        found = check(
            files, filters=form.cleaned_data["filters"], limits=PAGE_LIMITS, folder=folder, tell=tell
        )
        remarks = found.faults.total + found.warnings.total
        said = {
            "faults": found.faults,
            "warnings": found.warnings,
            "notes_ticket": _keep(user, found.notes) if remarks else "",
            "names": ", ".join(name for _path, name in files),
        }
        if not found.faults.total:
            tally = preview(found.rows, tell)
            said |= _previewed(tally) | {
                "summary": summary(found.read, found.aside, tally, done=False),
                "ticket": _keep(user, found.rows) if tally.written else "",
            }
    return said


def _previewed(tally: Tally) -> dict:
    return {"shown": [rows for rows in tally.shown.values() if rows], "written": tally.written}


def _copied(file, path: Path) -> tuple[Path, str]:
    with path.open("wb") as copy:
        copy.writelines(file.chunks())
    return path, bare_name(file.name)[:100] or "fichier"


# Files between a preview and its confirmation


def _keep(user: User, path: Path) -> str:
    """Puts a file aside and returns the ticket with which this user alone brings it back."""
    forget_abandoned_files()
    with path.open("rb") as file:
        stored = default_storage.save(f"{WAITING_FOLDER}/national", File(file))
    return signing.dumps([stored, user.pk, _digest(stored)], salt=SALT)


def _kept(user: User, ticket: str) -> str | None:
    """Where the file of a ticket stands, untouched; None where it waits no more. Somebody else's is none: 404."""
    try:
        stored, owner, digest = signing.loads(ticket, salt=SALT, max_age=WAITING_HOURS * 60 * 60)
    except signing.SignatureExpired:
        return None
    except signing.BadSignature:
        raise Http404 from None
    if owner != user.pk:
        raise Http404
    return stored if default_storage.exists(stored) and _digest(stored) == digest else None


def _digest(stored: str) -> str:
    with default_storage.open(stored) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Progress: a file, since the page that asks may reach another process than the one that works


def _teller(user: User) -> Tell:
    place = _progress_of(user)
    place.parent.mkdir(parents=True, exist_ok=True)

    def tell(count: int, words: str) -> None:
        place.write_text(f"{number(count)} {words}…", encoding="utf-8")

    return tell


def _progress_of(user: User) -> Path:
    return Path(default_storage.path(f"{WAITING_FOLDER}/progress-{user.pk}"))
