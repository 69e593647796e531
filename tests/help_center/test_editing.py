"""Editors write articles at the desk: checked like the pack's, laid over them, and exported into them."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests import identity_facts
from tests.store_facts import run_jobs

from vettura.catalog import queries as catalog
from vettura.help_center import actions, errors, queries
from vettura.help_center.models import ArticleDraft, ArticleVersion, IndexedArticle, IndexedWord
from vettura.help_center.queries import edits
from vettura_pack.help import Parts, parts_of

pytestmark = pytest.mark.django_db

ID = "card-refused"


@pytest.fixture(autouse=True)
def _as_the_pack_says(index):
    yield
    edits._Known.laid = edits.Laid()


@pytest.fixture
def editor():
    return identity_facts.account(staff_roles=("catalog",), given_name="Chiara")


def form(parts: Parts, revision: int = 0, **more: str) -> dict[str, str]:
    fields = {"head": parts.head, "revision": str(revision)}
    for language in parts.texts:
        fields |= {f"question_{language}": parts.questions[language], f"text_{language}": parts.texts[language]}
    return fields | more


def changed(article_id: str = ID, words: str = "Ask your bank about xylophones.") -> Parts:
    parts = parts_of(edits.pack_source(article_id))
    return Parts(
        head=parts.head,
        questions=parts.questions,
        texts={key: f"{text}\n\n{words}" for key, text in parts.texts.items()},
    )


def test_every_article_of_the_pack_goes_into_pieces_and_back_without_a_complaint():
    for article_id, article in edits.pack_help().articles.items():
        whole = edits.pack_source(article_id)

        assert parts_of(whole).whole == whole
        assert parts_of(whole).questions == dict(article.question)
    assert edits.checked(article_id=ID, topic="store", source=edits.pack_source(ID))[1] == []


def test_a_published_text_is_read_and_found_by_everybody_until_it_is_taken_back(client, editor):
    desk = identity_facts.signed_in(editor)
    answer = desk.post(f"/desk/help/{ID}/", form(changed(), publish="1"))

    assert answer.status_code == 302
    assert "xylophones" in client.get(f"/help/{ID}/").content.decode()
    run_jobs()
    assert [each.id for each in queries.search(question="xylophones", language="en")] == [ID]
    assert "xylophones" not in edits.pack_source(ID)

    desk.post(f"/desk/help/{ID}/take-back/")
    assert "xylophones" not in client.get(f"/help/{ID}/").content.decode()
    run_jobs()
    assert queries.search(question="xylophones", language="en") == []
    assert list(ArticleVersion.objects.order_by("number").values_list("number", "what", "by__given_name")) == [
        (1, "published", "Chiara"),
        (2, "taken_back", "Chiara"),
    ]


def test_the_page_answers_at_once_and_what_is_searched_follows(editor, index):
    desk = identity_facts.signed_in(editor)
    before = set(IndexedWord.objects.values_list("pk", flat=True))

    page = desk.post(f"/desk/help/{ID}/", form(changed(), publish="1"), follow=True).content.decode()

    assert "Search finds it within moments." in page
    assert set(IndexedWord.objects.values_list("pk", flat=True)) == before
    assert queries.search(question="xylophones", language="en") == []
    run_jobs()
    assert [each.id for each in queries.search(question="xylophones", language="en")] == [ID]
    assert IndexedArticle.objects.count() == index * len(catalog.pack().languages)


def test_of_several_that_publish_at_once_the_last_filling_finds_them_all(editor):
    for words in ("xylophones", "glockenspiels", "vibraphones"):
        revision = actions.save_draft(by=editor, article_id=ID, parts=changed(words=words), revision=0).revision
        actions.publish(by=editor, article_id=ID, revision=revision)
    waiting = ProcrastinateJob.objects.filter(task_name="help_center.fill_index").order_by("id")

    # one lock: one worker after the other, so no filling is overtaken
    assert {each.lock for each in waiting} == {"help_center.fill_index"}
    assert [actions.follow_edits(**each.args) for each in waiting] == [False, False, True]
    assert [each.id for each in queries.search(question="vibraphones", language="en")] == [ID]
    assert actions.follow_edits(**waiting.last().args)  # a worker that died did not say that it was done
    assert [each.id for each in queries.search(question="vibraphones", language="en")] == [ID]


def test_what_is_refused_fills_nothing(editor):
    wrong = Parts(head="rules: [", questions=changed().questions, texts=changed().texts)

    refused = identity_facts.signed_in(editor).post(f"/desk/help/{ID}/", form(wrong, publish="1"))

    assert refused.status_code == 422
    assert not ProcrastinateJob.objects.filter(task_name="help_center.fill_index").exists()


def test_another_process_shows_the_new_text_with_its_next_page(client, editor, django_assert_num_queries):
    actions.save_draft(by=editor, article_id=ID, parts=changed(), revision=0)
    actions.publish(by=editor, article_id=ID, revision=1)
    edits._Known.laid = edits.Laid()  # as in a process that has read nothing yet

    assert "xylophones" in client.get(f"/help/{ID}/").content.decode()
    with django_assert_num_queries(1):
        edits.see_edits()


def test_a_draft_keeps_what_is_wrong_with_the_sentences_beside_the_lines_and_is_not_published(client, editor):
    parts = parts_of(edits.pack_source(ID))
    wrong = Parts(
        head=parts.head, questions=parts.questions, texts=parts.texts | {"it": "Nessuna risposta.\n\nChiami il 4711."}
    )
    desk = identity_facts.signed_in(editor)

    refused = desk.post(f"/desk/help/{ID}/", form(wrong, publish="1"))

    assert refused.status_code == 422
    found = {(each.part, each.line) for each in refused.context["problems"]}
    assert ("it", 3) in found
    assert "Chiami il 4711." in desk.get(f"/desk/help/{ID}/").content.decode()
    assert not ArticleVersion.objects.exists()
    assert "4711" not in client.get(f"/help/{ID}/", headers={"accept-language": "it"}).content.decode()
    broken = Parts(head="rules: [", questions=wrong.questions, texts=wrong.texts)
    kept = desk.post(f"/desk/help/{ID}/", form(broken, revision=1, save="1"), follow=True)
    assert "rules: [" in kept.content.decode()
    assert "This is not valid YAML" in kept.content.decode()


def test_whoever_saves_over_a_text_they_have_not_seen_is_told_and_loses_nothing(editor):
    other = identity_facts.account(email="other@example.org", staff_roles=("catalog",))
    actions.save_draft(by=other, article_id=ID, parts=changed(words="Theirs."), revision=0)

    page = identity_facts.signed_in(editor).post(f"/desk/help/{ID}/", form(changed(words="Mine."), save="1"))

    assert page.status_code == 409
    assert ("Theirs." in page.content.decode(), "Mine." in page.content.decode()) == (True, True)
    assert "Theirs." in ArticleDraft.objects.get().texts["en"]
    assert (
        identity_facts.signed_in(editor).post(f"/desk/help/{ID}/", form(changed(words="Mine."), 1)).status_code == 302
    )


def test_a_former_version_is_compared_and_published_again(client, editor):
    desk = identity_facts.signed_in(editor)
    for words in ("First words.", "Second words."):
        desk.post(f"/desk/help/{ID}/", form(changed(words=words), publish="1"))

    page = desk.get(f"/desk/help/{ID}/history/").content.decode()
    desk.post(f"/desk/help/{ID}/revert/", {"number": "1"})

    assert "<del>First words.</del>" in page
    assert "<ins>Second words.</ins>" in page
    assert "First words." in client.get(f"/help/{ID}/").content.decode()
    assert ArticleVersion.objects.latest("number").what == "reverted"
    assert desk.post(f"/desk/help/{ID}/revert/", {"number": "9"}).status_code == 404


def test_once_the_pack_holds_the_text_nothing_lies_over_it(editor):
    same = parts_of(edits.pack_source(ID))
    actions.save_draft(by=editor, article_id=ID, parts=same, revision=0)
    actions.publish(by=editor, article_id=ID, revision=1)
    edits.see_edits()

    assert edits.laid() == {}


def test_a_pack_that_changed_under_an_edit_is_shown_and_the_edit_is_read_meanwhile(client, editor):
    actions.save_draft(by=editor, article_id=ID, parts=changed(), revision=0)
    actions.publish(by=editor, article_id=ID, revision=1)
    ArticleVersion.objects.update(pack_source="what the pack said then")
    desk = identity_facts.signed_in(editor)

    assert "what the pack said then" in desk.get(f"/desk/help/{ID}/").content.decode()
    assert "The pack has changed" in desk.get("/desk/help/?only=edited").content.decode()
    assert "xylophones" in client.get(f"/help/{ID}/").content.decode()


def test_a_published_text_that_no_longer_passes_gives_way_to_the_packs(client, editor):
    whole = changed().whole.replace("xylophones", "{terms.gone}")
    ArticleVersion.objects.create(
        article_id=ID, number=1, what="published", topic="store", source=whole, by=editor, at="2026-11-01T00:00Z"
    )

    assert client.get(f"/help/{ID}/").status_code == 200
    assert "terms.gone" in identity_facts.signed_in(editor).get(f"/desk/help/{ID}/").content.decode()


def test_the_preview_shows_the_typed_text_for_a_car_and_country_and_keeps_nothing(editor):
    desk = identity_facts.signed_in(editor)
    typed = form(changed("pairing-code"), language="it", country="IT", car="911-7")

    part = desk.post("/desk/help/pairing-code/preview/", typed, headers={"hx-request": "true"}).content.decode()
    page = desk.post("/desk/help/pairing-code/preview/", typed).content.decode()

    assert ("xylophones" in part, "APPS" in part, "<html" in part) == (True, True, False)
    assert "<html" in page
    assert "APPS" in page
    assert not ArticleDraft.objects.exists()


def test_the_exported_file_is_the_one_that_belongs_into_the_pack(editor):
    desk = identity_facts.signed_in(editor)
    desk.post(f"/desk/help/{ID}/", form(changed(), save="1"))

    answer = desk.get(f"/desk/help/{ID}/file/")

    assert answer["Content-Disposition"] == f'attachment; filename="{ID}.md"'
    assert answer.content.decode() == changed().whole


def test_words_that_found_nothing_become_an_article_or_an_alias(client, editor):
    desk = identity_facts.signed_in(editor)
    begun = {"article_id": "xylophone", "topic": "store", "question": "Where is the xylophone?", "language": "en"}

    assert desk.post("/desk/help/new/", begun)["Location"] == "/desk/help/xylophone/"
    assert client.get("/help/xylophone/").status_code == 404
    assert desk.post("/desk/help/new/", begun).status_code == 422
    assert desk.post("/desk/help/new/", begun | {"article_id": "Not An Id"}).status_code == 422
    texts = dict.fromkeys(catalog.pack().languages, "==It is in the trunk.==")
    questions = dict.fromkeys(texts, "Where is the xylophone?")
    written = Parts(head="rules: [KB-001]\nverdict: advice", questions=questions, texts=texts)
    desk.post("/desk/help/xylophone/", form(written, revision=1, publish="1"))
    assert "in the trunk" in client.get("/help/xylophone/").content.decode()

    page = desk.get(f"/desk/help/{ID}/?alias=glockenspiel&language=de")
    assert "glockenspiel" in page.context["head"]
    parts = Parts(head=page.context["head"], questions=changed().questions, texts=changed().texts)
    desk.post(f"/desk/help/{ID}/", form(parts, publish="1"))
    run_jobs()
    assert queries.search(question="Glockenspiel", language="de")[0].id == ID


def test_where_neither_car_nor_country_is_right_both_are_named(editor):
    parts = changed()
    narrow = Parts(
        head=f"{parts.head}\nscope: {{generations: [TAY, CAY-3], countries: [DE, AT]}}",
        questions=parts.questions,
        texts=parts.texts,
    )
    actions.save_draft(by=editor, article_id=ID, parts=narrow, revision=0)
    actions.publish(by=editor, article_id=ID, revision=1)
    edits.see_edits()

    def said(country: str, generation: str) -> str:
        for_ = queries.reader(country=country, generation=generation)
        return queries.not_for(article_id=ID, language="en", for_=for_).partition(". ")[2]

    cars = "Cayenne (2017–) and Taycan"
    assert said("IT", "911-7") == f"It is for {cars} in Austria and Germany."
    assert said("DE", "911-7") == f"It is for {cars}."
    assert said("IT", "TAY") == said("IT", "") == "It is for Austria and Germany."


def test_nobody_but_editors_writes():
    for role in ("assistance", "soc"):
        somebody = identity_facts.account(email=f"{role}@example.org", staff_roles=(role,))
        browser = identity_facts.signed_in(somebody)
        assert browser.post(f"/desk/help/{ID}/", form(changed(), publish="1")).status_code == 404
        assert browser.get(f"/desk/help/{ID}/file/").status_code == 404
        for do in (
            lambda by=somebody: actions.save_draft(by=by, article_id=ID, parts=changed(), revision=0),
            lambda by=somebody: actions.publish(by=by, article_id=ID, revision=0),
            lambda by=somebody: actions.take_back(by=by, article_id=ID),
            lambda by=somebody: actions.revert(by=by, article_id=ID, number=1),
            lambda by=somebody: actions.drop_draft(by=by, article_id=ID),
            lambda by=somebody: actions.begin_article(by=by, article_id="new", topic="store", questions={}),
        ):
            with pytest.raises(errors.ArticleNotFound):
                do()
    assert not ArticleDraft.objects.exists()
    assert not ArticleVersion.objects.exists()
