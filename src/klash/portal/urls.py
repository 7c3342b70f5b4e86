from django.urls import path

from klash.portal import views

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
]
