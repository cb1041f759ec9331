"""The components and filters that every template has at hand. The gallery page shows each one.

Arguments are named and checked: a mistyped one raises.
"""

from collections.abc import Iterable

from django import template
from django.template.loader import render_to_string

from confluences import formats
from confluences import hours_bar as hours

register = template.Library()

register.filter("number", formats.number)
register.filter("percent", formats.percent, is_safe=True)
register.filter("euros", formats.euros)
register.filter("duration", formats.duration)
register.filter("hours_and_minutes", formats.hours_and_minutes)
register.filter("french_date", formats.french_date)
register.filter("short_date", formats.short_date)
register.filter("clock", formats.clock)
register.filter("dialled", formats.dialled)

# A state is told by its icon and its words; its colour only repeats them.
KIND_ICONS = {"ok": "check", "soon": "clock", "late": "alert", "info": "info", "neutral": "dot"}
MESSAGE_KINDS = {"success": "ok", "warning": "soon", "error": "late"}


@register.filter
def message_kind(level_tag: str) -> str:
    """The look of one of Django's messages."""
    return MESSAGE_KINDS.get(level_tag, "info")


@register.inclusion_tag("components/icon.html")
def icon(name: str):
    return {"name": name}


@register.inclusion_tag("components/chip.html")
def chip(*, label: str, kind: str = "neutral"):
    return {"label": label, "kind": kind, "icon_name": KIND_ICONS[kind]}


@register.inclusion_tag("components/count.html")
def count(*, label: str, value, kind: str = "neutral", hint: str = "", url: str = ""):
    icon_name = "" if kind == "neutral" else KIND_ICONS[kind]
    return {"label": label, "value": value, "kind": kind, "icon_name": icon_name, "hint": hint, "url": url}


@register.inclusion_tag("components/person.html")
def person(*, name: str, url: str = "", worksite: str = "", status: str = "", kind: str = "neutral"):
    return {"name": name, "url": url, "worksite": worksite, "status": status, "kind": kind}


@register.inclusion_tag("components/empty_state.html")
def empty_state(*, title: str, text: str = "", url: str = "", action: str = ""):
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/definitions.html")
def definitions(*, items: Iterable[tuple[str, object]]):
    return {"items": items}


@register.inclusion_tag("components/progress.html")
def progress(*, label: str, done, total, words: str = ""):
    return {"label": label, "done": done, "total": total, "words": words}


@register.inclusion_tag("components/hours_bar.html")
def hours_bar(*, label: str, done: int, total: int, planned: int = 0, required: int | None = None):
    """Minutes done of a total, and those planned; what is required is said where it is less than the total."""
    return {
        "label": label,
        "done": done,
        "total": total,
        "planned": planned,
        "left": max(total - done - planned, 0),
        "required": required if required is not None and required < total else None,
        "picture": hours.hours_bar(label=label, done=done, total=total, planned=planned, required=required),
    }


@register.simple_tag
def hours_fill(*, done: int, total: int, planned: int = 0):
    """The small drawn bar of a table's cell, beside the same in words."""
    return hours.hours_fill(done=done, total=total, planned=planned)


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*labels_and_urls: str):
    """The pages above this one: a label and its address, then the next."""
    labels, urls = labels_and_urls[::2], labels_and_urls[1::2]
    return {"links": list(zip(labels, urls, strict=True))}


@register.inclusion_tag("components/tabs.html")
def tabs(*, label: str, links: Iterable):
    """Links to the faces of one thing; each has a label, an url and whether it is current."""
    return {"label": label, "links": links}


@register.inclusion_tag("components/filter_errors.html")
def filter_errors(*, form):
    return {"form": form}


@register.inclusion_tag("components/results_head.html")
def results_head(*, total: int, noun: str, export: str):
    return {"total": total, "noun": noun, "export": export}


@register.inclusion_tag("components/pagination.html")
def pagination(*, page):
    return {"page": page}


@register.inclusion_tag("components/post_button.html", takes_context=True)
def post_button(
    context, *, url: str, label: str, look: str = "secondary", icon: str = "", name: str = "", value=""
):
    looks = {"primary": "btn-primary", "secondary": "btn-outline-primary", "danger": "btn-outline-danger"}
    return {
        "url": url,
        "label": label,
        "look": looks[look],
        "icon_name": icon,
        "name": name,
        "value": value,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*, form):
    return {"form": form, "errors": [(field, _anchor(field)) for field in form if field.errors]}


@register.inclusion_tag("components/draft.html", takes_context=True)
def draft_banner(context, *, drafting):
    return {"drafting": drafting, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/form.html", takes_context=True)
def form_page(context, *, form, submit: str, cancel: str = ""):
    """A whole form; the helper of crispy forms, where the form has one, gives its layout."""
    helper = getattr(form, "helper", None)
    if helper is not None:
        helper.form_tag = False
        helper.disable_csrf = True
    return {
        "form": form,
        "helper": helper,
        "conflicts": getattr(form, "conflicts", ()),
        "submit": submit,
        "cancel": cancel,
        "csrf_token": context.get("csrf_token"),
        "user": context.get("user"),
        "drafting": context.get("drafting"),
        "required": any(field.field.required for field in form.visible_fields()),
    }


@register.simple_block_tag
def card(content, *, title: str = "", url: str = "", link: str = "", level: int = 2):
    return render_to_string(
        "components/card.html", {"content": content, "title": title, "url": url, "link": link, "level": level}
    )


@register.simple_block_tag
def alert(content, *, kind: str = "info", role: str = ""):
    return render_to_string(
        "components/alert.html",
        {"content": content, "kind": kind, "icon_name": KIND_ICONS[kind], "role": role},
    )


@register.simple_block_tag
def page_header(content, *, title: str):
    return render_to_string("components/page_header.html", {"content": content, "title": title})


@register.simple_block_tag
def data_table(content, *, label: str, stacked: bool = False):
    return render_to_string(
        "components/data_table.html", {"content": content, "label": label, "stacked": stacked}
    )


def _anchor(field) -> str:
    """Where a link to a field leads: a group of boxes has no identifier of its own, crispy forms names its frame."""
    return field.id_for_label or f"div_{field.auto_id}"
