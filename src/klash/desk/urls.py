from django.urls import path

from klash.desk import assign_views, meeting_views, mentoring_views, result_views, views

app_name = "desk"
_base = "<slug:competition>/"
urlpatterns = [
    path(_base, views.home, name="home"),
    path(f"{_base}people/", views.people, name="people"),
    path(f"{_base}people/end/", views.end, name="end"),
    path(f"{_base}log/", views.log, name="log"),
    path(f"{_base}mail/", views.mail, name="mail"),
    path(f"{_base}mentoring/", mentoring_views.mentoring, name="mentoring"),
    path(f"{_base}rounds/", views.round_, name="round"),
    path(f"{_base}rounds/<slug:round>/absence/", views.absence, name="absence"),
    path(f"{_base}rounds/<slug:round>/setup/", views.set_up, name="set_up"),
    path(f"{_base}rounds/<slug:round>/follow/", views.follow, name="follow"),
    path(f"{_base}rounds/<slug:round>/assign/", assign_views.assign, name="assign"),
    path(f"{_base}rounds/<slug:round>/meeting/", meeting_views.meeting, name="meeting"),
    path(f"{_base}rounds/<slug:round>/minutes/", meeting_views.minutes, name="minutes"),
    path(f"{_base}rounds/<slug:round>/rehearse/", views.rehearse, name="rehearse"),
    path(f"{_base}rounds/<slug:round>/result/", result_views.result, name="result"),
    path(f"{_base}rounds/<slug:round>/result.<slug:form>", result_views.export, name="export"),
    path(f"{_base}rounds/<slug:round>/result/firmness/", result_views.firmness, name="firmness"),
    path(f"{_base}rounds/<slug:round>/result/weights/", result_views.weights, name="weights"),
    path(f"{_base}rounds/<slug:round>/report.<slug:language>.pdf", result_views.report_pdf, name="report_pdf"),
    path(f"{_base}publish/", views.publish, name="publish"),
]
