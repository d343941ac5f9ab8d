from django.urls import path, register_converter
from django.urls.converters import StringConverter

from issues.public.views import home, rate, submit, track


class NumberConverter(StringConverter):
    """Anything but control characters, which no number holds and the database would choke on."""

    regex = r"[^/\x00-\x1f]{1,64}"


register_converter(NumberConverter, "number")

app_name = "public"

urlpatterns = [
    path("", home.index, name="home"),
    path("submit/", submit.submit, name="submit"),
    path("submit/done/", submit.done, name="done"),
    path("track/", track.enter, name="track"),
    path("track/<number:number>/", track.show, name="issue"),
    path("track/<number:number>/close/", track.close, name="close"),
    path("track/<number:number>/files/<int:pk>/<path:name>", track.file, name="file"),
    path("track/<number:number>/<slug:action>/", track.act, name="act"),
    path("rate/<number:number>/<number:code>/", rate.link, name="rate"),
]
