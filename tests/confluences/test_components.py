import re

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from confluences import navigation
from confluences.context_processors import layout
from confluences.gallery import ExampleForm
from confluences.models import Structure
from confluences.templatetags.confluences import message_kind


def rendered(source: str, **context) -> str:
    """A template's markup on one line."""
    markup = re.sub(r"[ \n]+", " ", Template(source).render(Context(context)))
    return markup.replace("> <", "><").strip()


def words(source: str, **context) -> str:
    """What a reader sees of a template."""
    return " ".join(re.sub(r"<[^>]+>", " ", rendered(source, **context)).split())


def icons(source: str, **context) -> list[str]:
    return re.findall(r"icons\.svg#([a-z]+)", rendered(source, **context))


# Gallery and sprite


def test_gallery_shows_every_component(client, social_worker, settings):
    client.force_login(social_worker)
    response = client.get(reverse("gallery"))
    shown = {template.name for template in response.templates}
    files = (settings.BASE_DIR / "templates" / "components").iterdir()
    assert [path.name for path in files if f"components/{path.name}" not in shown] == []
    assert 'style="' not in response.content.decode()


def test_every_component_states_its_arguments(settings):
    files = (settings.BASE_DIR / "templates" / "components").iterdir()
    first_lines = {path.name: path.read_text().split("{% endcomment %}")[0] for path in files}
    assert [name for name, comment in first_lines.items() if "Arguments: " not in comment] == []


def test_every_icon_is_drawn(settings):
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', sprite))
    used = set()
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        used |= set(re.findall(r'(?:\{% icon |icon=)"([a-z]+)"', path.read_text()))
    used |= {entry.icon for entry in navigation.ENTRIES}
    assert used - drawn == set()


# Components


@pytest.mark.parametrize(
    ("kind", "icon"),
    [("ok", "check"), ("soon", "clock"), ("late", "alert"), ("info", "info"), ("neutral", "dot")],
)
def test_chip_says_its_kind_by_an_icon(kind, icon):
    source = f"{{% chip label=label kind='{kind}' %}}"
    assert rendered(source, label="a < b") == (
        f'<span class="chip chip-{kind}"><svg class="icon" aria-hidden="true" focusable="false">'
        f'<use href="/static/icons.svg#{icon}"></use></svg> a &lt; b</span>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% chip label='a' colour='red' %}",
        "{% chip 'a' %}",
        "{% count label='a' %}",
        "{% card heading='a' %}{% endcard %}",
    ],
)
def test_mistyped_argument_raises(source):
    with pytest.raises(TemplateSyntaxError):
        rendered(source)


@pytest.mark.parametrize(
    "source", ["{% chip label='a' kind='warning' %}", "{% alert kind='bad' %}a{% endalert %}"]
)
def test_unknown_kind_raises(source):
    with pytest.raises(KeyError):
        rendered(source)


def test_card_has_its_title_and_link():
    source = "{% card title='Suivis' url='/a/' link='Tout voir' level=3 %}<p>Deux</p>{% endcard %}"
    assert rendered(source) == (
        '<section class="card"><div class="card-head"><h3 class="card-title">Suivis</h3>'
        '<a href="/a/">Tout voir</a></div><p>Deux</p></section>'
    )


def test_card_escapes_what_it_holds():
    assert words("{% card title=text %}{{ text }}{% endcard %}", text="<b>") == "&lt;b&gt; &lt;b&gt;"


def test_count():
    assert (
        words("{% count label='En retard' value=2 kind='late' hint='depuis hier' %}")
        == "En retard 2 depuis hier"
    )
    assert icons("{% count label='En retard' value=2 kind='late' %}") == ["alert"]
    assert icons("{% count label='Entretiens' value=3 %}") == []


def test_person_shows_name_worksite_and_one_status():
    source = "{% person name='Exemple A.' url='/1/' worksite='Fresnes' status='en contrat' kind='ok' %}"
    assert words(source) == "Exemple A. Fresnes en contrat"
    assert words("{% person name='Exemple A.' %}") == "Exemple A."


def test_definitions_say_what_is_missing():
    items = [("Téléphone", ""), ("Entrée", None), ("Enfants", 0)]
    assert words("{% definitions items=items %}", items=items) == (
        "Téléphone non renseigné Entrée non renseigné Enfants 0"
    )


def test_progress_is_read_by_a_screen_reader():
    assert rendered("{% progress label='Heures' done=1482.5 total=1820 %}") == (
        '<div class="progress-line"><p><span>Heures</span><strong>1\u202f482,5 sur 1\u202f820</strong></p>'
        '<progress aria-label="Heures" value="1482.5" max="1820"></progress></div>'
    )


def test_progress_may_be_told_in_other_words():
    assert "<strong>2 h sur 3 h</strong>" in rendered(
        "{% progress label='Heures' done=120 total=180 words='2 h sur 3 h' %}"
    )


def test_breadcrumb_links_the_pages_above():
    source = "{% breadcrumb 'Salariés' '/salaries/' 'Exemple A.' '/salaries/1/' %}"
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', rendered(source)) == [
        ("/salaries/", "Salariés"),
        ("/salaries/1/", "Exemple A."),
    ]


def test_breadcrumb_without_an_address_raises():
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        rendered("{% breadcrumb 'Salariés' %}")


def test_tabs_tell_the_current_one():
    links = [
        navigation.Link(label="Parcours", url="/1/", icon="", current=True),
        navigation.Link(label="Contrats", url="/2/", icon="", current=False),
    ]
    markup = rendered("{% tabs label='Fiche' links=links %}", links=links)
    assert re.findall(r'<a href="([^"]+)"( aria-current="page")?>', markup) == [
        ("/1/", ' aria-current="page"'),
        ("/2/", ""),
    ]


@pytest.mark.parametrize(
    ("number", "links"),
    [
        (1, ["?q=zo%C3%A9&amp;page=2"]),
        (2, ["?q=zo%C3%A9&amp;page=1", "?q=zo%C3%A9&amp;page=3"]),
        (3, ["?q=zo%C3%A9&amp;page=2"]),
    ],
)
def test_pagination_keeps_the_search(number, links):
    request = RequestFactory().get("/", {"q": "zoé", "page": number})
    page = Paginator(range(5), 2).page(number)
    markup = Template("{% pagination page=page %}").render(RequestContext(request, {"page": page}))
    assert re.findall(r'href="(\?[^"]+)"', markup) == links


def test_pagination_of_one_page_is_absent():
    page = Paginator(range(2), 2).page(1)
    assert rendered("{% pagination page=page %}", page=page) == ""


def test_post_button_is_a_protected_form():
    source = "{% post_button url='/figer/' label='Figer' look='primary' icon='lock' name='sur' value='1' %}"
    assert rendered(source, csrf_token="jeton") == (
        '<form class="post-button" method="post" action="/figer/">'
        '<input type="hidden" name="csrfmiddlewaretoken" value="jeton">'
        '<button class="btn btn-primary" type="submit" name="sur" value="1">'
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#lock"></use></svg>'
        " Figer</button></form>"
    )


def test_data_table_is_a_region_that_the_keyboard_reaches():
    source = "{% data_table label='Sorties' %}<tbody></tbody>{% enddata_table %}"
    assert rendered(source) == (
        '<div class="table-region" role="region" aria-label="Sorties" tabindex="0"><table class="data-table">'
        '<caption class="visually-hidden">Sorties</caption><tbody></tbody></table></div>'
    )


@pytest.mark.parametrize(
    ("level", "kind"), [("success", "ok"), ("warning", "soon"), ("error", "late"), ("info", "info")]
)
def test_message_kind(level, kind):
    assert message_kind(level) == kind


def test_messages_are_announced():
    spoken = [Message(constants.SUCCESS, "Fait."), Message(constants.ERROR, "Raté.")]
    markup = " ".join(render_to_string("partials/messages.html", {"messages": spoken}).split())
    assert re.findall(r'class="alert-box (alert-[a-z]+)" role="([a-z]+)"', markup) == [
        ("alert-ok", "status"),
        ("alert-late", "alert"),
    ]


# Forms


def test_form_says_first_what_to_correct():
    form = ExampleForm({"name": "", "on": "hier", "kind": "suivi"})
    form.add_error(None, "Cette personne est déjà sortie.")
    source = "{% form_page form=form submit='Enregistrer' %}"
    summary = rendered(source, form=form, csrf_token="jeton").split("</ul>")[0]
    assert 'role="alert" tabindex="-1" autofocus' in summary
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a> : ([^<]+)', summary) == [
        ("id_name", "Nom", "Ce champ est obligatoire."),
        ("id_on", "Date", "Écrivez la date ainsi\u00a0: 22/11/2026."),
        ("div_id_place", "Lieu", "Ce champ est obligatoire."),
    ]
    assert words(source, form=form, csrf_token="jeton").count("Cette personne est déjà sortie.") == 1


def test_form_links_lead_to_its_fields():
    form = ExampleForm({})
    markup = rendered("{% form_page form=form submit='Enregistrer' %}", form=form, csrf_token="jeton")
    targets = re.findall(r'href="#([^"]+)"', markup)
    assert [target for target in targets if f'id="{target}"' not in markup] == []


def test_form_without_errors_has_no_summary():
    markup = rendered(
        "{% form_page form=form submit='Enregistrer' cancel='/' %}", form=ExampleForm(), csrf_token="jeton"
    )
    assert 'role="alert"' not in markup
    assert '<button class="btn btn-primary" type="submit">Enregistrer</button>' in markup
    assert '<a class="btn btn-outline-primary" href="/">Annuler</a>' in markup
    assert markup.count("csrfmiddlewaretoken") == 1


def test_form_with_a_file_is_sent_whole():
    class Upload(forms.Form):
        file = forms.FileField(label="Fichier")

    markup = rendered("{% form_page form=form submit='Envoyer' %}", form=Upload(), csrf_token="jeton")
    assert 'enctype="multipart/form-data"' in markup


# Around the content


@pytest.mark.django_db
def test_navigation_shows_what_one_may_follow(social_worker):
    links = navigation.navigation(social_worker, reverse("beneficiary-list"))
    allowed = [
        entry.label
        for entry in navigation.ENTRIES
        if not entry.permission or social_worker.has_perm(entry.permission)
    ]
    assert [link.label for link in links] == allowed
    assert [link.label for link in links if link.current] == ["Salariés"]


@pytest.mark.django_db
def test_navigation_of_a_person_belongs_to_the_people(social_worker):
    links = navigation.navigation(social_worker, f"{reverse('beneficiary-list')}12/")
    assert [link.label for link in links if link.current] == ["Salariés"]


def section_of(user, name: str) -> list[tuple[str, bool]]:
    return [(link.label, link.current) for link in navigation.section(user, reverse(name))]


@pytest.mark.django_db
def test_a_section_shows_the_places_beside_the_page(supervisor, instructor):
    assert section_of(supervisor, "partners:network") == [
        ("Annuaire", False),
        ("Orientations", False),
        ("Immersions", False),
        ("Réseau", True),
    ]
    assert section_of(supervisor, "partners:create") == []
    # One place alone leads nowhere.
    assert section_of(instructor, "partners:list") == []


def test_navigation_leaves_out_what_is_not_installed(monkeypatch):
    missing = navigation.Entry(label="Navires", url_name="ship-list", icon="home")
    monkeypatch.setattr(navigation, "ENTRIES", (missing,))
    assert navigation.navigation(AnonymousUser(), "/") == []


def test_layout_asks_for_nothing_until_it_is_shown(db, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        context = layout(request)
        assert list(context["navigation"]) == []


def test_layout_survives_a_request_without_accounts():
    assert list(layout(RequestFactory().get("/"))["navigation"]) == []


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_demonstration_is_said(client, social_worker, is_demonstration):
    Structure(name="Confluences", is_demonstration=is_demonstration).save()
    client.force_login(social_worker)
    assert ("Données de démonstration" in client.get(reverse("gallery")).content.decode()) == is_demonstration


# Pages that speak when something is wrong


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ("400.html", "Revenez en arrière et réessayez."),
        ("500.html", "vérifiez avant de recommencer."),
    ],
)
def test_error_pages_that_stand_alone(template, sentence):
    assert sentence in render_to_string(template)


@pytest.mark.django_db
def test_unknown_page_is_honest(client, social_worker):
    client.force_login(social_worker)
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page n’existe pas, ou vous n’y avez pas accès." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Se connecter"),
        ("account_reset_password", "Mot de passe oublié"),
        ("account_reset_password_done", "Regardez votre courrier"),
    ],
)
def test_entrance_pages_are_ours(client, name, title):
    markup = client.get(reverse(name)).content.decode()
    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", markup) == [title]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_change_password", "Changer de mot de passe"),
        ("account_logout", "Se déconnecter"),
        ("mfa_index", "Double authentification"),
        ("usersessions_list", "Appareils connectés"),
    ],
)
def test_account_pages_are_ours(client, social_worker, name, title):
    client.force_login(social_worker)
    markup = client.get(reverse(name)).content.decode()
    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", markup) == [title]
