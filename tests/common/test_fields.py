from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template


class Sample(forms.Form):
    title = forms.CharField(max_length=60, help_text="例如：供电容量不足", error_messages={"required": "请写出问题"})
    text = forms.CharField(widget=forms.Textarea)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date", "class": "input--short"}))
    urgency = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", "急"), ("2", "不急")], help_text="只选一项")
    units = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, choices=[("1", "甲")])
    public = forms.BooleanField(required=False, label="企业可见")
    version = forms.IntegerField(widget=forms.HiddenInput)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def render(source: str, **context) -> str:
    return Template("{% load bihuan %}" + source).render(Context(context))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


def attributes(html: str, name: str) -> dict[str, str]:
    return next(attrs for _tag, attrs in elements(html) if attrs.get("name") == name)


def ids(html: str) -> set[str]:
    return {attrs["id"] for _tag, attrs in elements(html) if "id" in attrs}


def test_control_names_its_hint_and_its_mistake():
    html = render("{% field form.title %}", form=Sample({}))
    control = attributes(html, "title")
    assert control["aria-describedby"] == "id_title_helptext id_title_error"
    assert set(control["aria-describedby"].split()) <= ids(html)
    assert control["aria-invalid"] == "true"
    assert control["class"] == "input"
    assert "请写出问题" in html


def test_a_new_form_shows_no_mistake():
    html = render("{% field form.title %}", form=Sample())
    assert "aria-invalid" not in html
    assert "field--error" not in html


@pytest.mark.parametrize("name", list(Sample.base_fields))
@pytest.mark.parametrize("data", [None, {}])
def test_all_kinds_are_labelled_and_point_only_at_what_is_there(name, data):
    html = render(f"{{% field form.{name} %}}", form=Sample(data))
    targets = {attrs["for"] for tag, attrs in elements(html) if tag == "label"}
    described = {word for _tag, attrs in elements(html) for word in attrs.get("aria-describedby", "").split()}
    assert targets | described <= ids(html)
    assert targets or name == "version"


def test_optional_fields_say_so_and_required_ones_carry_no_star():
    html = render("{% field form.until %}{% field form.title %}", form=Sample())
    assert html.count("（选填）") == 1
    assert "*" not in html


def test_choices_are_a_group_with_a_legend():
    html = render("{% field form.urgency %}", form=Sample({}))
    groups = [attrs for tag, attrs in elements(html) if tag == "fieldset"]
    assert groups[0]["aria-describedby"] == "id_urgency_helptext id_urgency_error"
    assert html.count('type="radio"') == 2
    assert "checked" not in html


def test_attributes_hints_labels_and_rows_from_the_template():
    form = Sample()
    control = attributes(
        render('{% field form.title autocomplete="tel" hint="" data_search="1" %}', form=form), "title"
    )
    assert (control["autocomplete"], control["data-search"]) == ("tel", "1")
    assert "aria-describedby" not in control
    assert attributes(render("{% field form.text rows=9 %}", form=form), "text")["rows"] == "9"
    assert attributes(render("{% field form.text %}", form=form), "text")["rows"] == "5"
    assert attributes(render("{% field form.note %}", form=form), "note")["rows"] == "3"
    assert attributes(render("{% field form.until %}", form=form), "until")["class"] == "input input--short"


def test_what_was_typed_is_kept_and_escaped():
    html = render("{% field form.title %}", form=Sample({"title": '<script>alert(1)</script>"'}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_summary_links_to_the_control_that_takes_the_focus():
    form = Sample({})
    html = render("{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}", form=form)
    links = [attrs["href"][1:] for tag, attrs in elements(html) if tag == "a"]
    assert links == ["id_title", "id_text", "id_urgency_0", "id_version"]
    assert set(links) <= ids(html)


def test_no_summary_without_mistakes():
    assert render("{% error_summary form %}", form=Sample()).strip() == ""


def test_a_mistake_of_the_whole_form_is_text_not_a_link():
    class Wrong(forms.Form):
        def clean(self):
            raise forms.ValidationError("两处不能同时填")

    html = render("{% error_summary form %}", form=Wrong({}))
    assert "两处不能同时填" in html
    assert "<a" not in html


def test_light_tag_takes_words_and_ready_lights():
    assert 'light--red"' in render('{% light "red" %}')
    assert "逾期 5 天" in render('{% light "red" "逾期 5 天" %}')
    assert render('{% lightword "yellow" True %}') == "逾期"
