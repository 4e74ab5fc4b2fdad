"""The walk's browser reads a page as a person does: words, links, forms as they are filled in."""

import pytest

from demo.browser import Page, PageError, _Reader

HTML = """
<script>var x = "donderdag 19 maart";</script>
<p>Woensdag <b>18 maart</b></p>
<table><tr><td>post-1</td><td><a href="/desk/jobs/1/">Open</a></td></tr></table>
<form method="post" action="/desk/jobs/1/decide/">
  <input type="hidden" name="csrfmiddlewaretoken" value="abc">
  <input type="radio" name="action" value="label"><input type="radio" name="action" value="remove" checked>
  <select name="label_kind"><option value="">-</option><option value="official">x</option></select>
  <textarea name="reasoning">Omdat</textarea>
</form>
"""


@pytest.fixture
def page() -> Page:
    page = Page("http://127.0.0.1:8000/desk/", 200)
    reader = _Reader(page)
    reader.feed(HTML)
    page.text = " ".join(" ".join(reader.words).split())
    return page


def test_words_are_what_a_reader_sees(page):
    assert "Woensdag 18 maart" in page.text
    assert "donderdag" not in page.text


def test_a_row_keeps_its_links(page):
    assert page.rows == [("post-1 Open", ["http://127.0.0.1:8000/desk/jobs/1/"])]


def test_a_form_holds_what_is_filled_in_and_what_can_be_chosen(page):
    form = page.form("/decide/")

    assert form.action == "http://127.0.0.1:8000/desk/jobs/1/decide/"
    assert form.fields == {"csrfmiddlewaretoken": "abc", "action": "remove", "reasoning": "Omdat"}
    assert form.options["action"] == ["label", "remove"]
    assert form.options["label_kind"] == ["", "official"]


def test_a_missing_form_says_what_the_page_says(page):
    with pytest.raises(PageError, match="18 maart"):
        page.form("/take/")
