from django.urls import path

from klash.portal import verify_views, views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("tasks/", views.tasks, name="tasks"),
    path("about/", views.about, name="about"),
    path("go/problems/", views.problems, name="problems"),
    path("go/challenges/", views.challenges, name="challenges"),
    path("go/results/", views.results, name="results"),
    path("go/calendar/", views.calendar, name="calendar"),
    path("go/desk/", views.desk, name="desk"),
    path("c/<slug:competition>/", views.competition, name="competition"),
    path("c/<slug:competition>/record.json", verify_views.record_file, name="record_file"),
    path("c/<slug:competition>/checkpoints.json", verify_views.checkpoints_file, name="checkpoints_file"),
    path("verify/", verify_views.verify, name="verify"),
    path("verify/klash_verifier.py", verify_views.verifier_file, name="verifier_file"),
]
