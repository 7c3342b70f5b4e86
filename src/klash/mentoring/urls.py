from django.urls import path

from klash.mentoring import views

app_name = "mentoring"
_base = "c/<slug:competition>/mentoring/"
_team = f"{_base}teams/<slug:team>/"
urlpatterns = [
    path(_base, views.timetable, name="timetable"),
    path(f"{_base}sessions/<slug:code>/", views.session, name="session"),
    path(f"{_base}sessions/<slug:code>/note/", views.note, name="note"),
    path(f"{_base}sessions/<slug:code>/feedback/", views.feedback, name="feedback"),
    path(f"{_base}sessions/<slug:code>/hold/", views.hold, name="hold"),
    path(f"{_base}sessions/<slug:code>/cancel/", views.cancel, name="cancel"),
    path(f"{_base}plan/", views.plan, name="plan"),
    path(f"{_base}plan/add/", views.add_day, name="add_day"),
    path(f"{_base}plan/<int:number>/", views.plan_day, name="plan_day"),
    path(f"{_base}plan/<int:number>/session/", views.add_session, name="add_session"),
    path(f"{_base}mentors/", views.mentors, name="mentors"),
    path(f"{_base}mentors/add/", views.add_mentor, name="add_mentor"),
    # what mentors and teams do for themselves
    path(f"{_base}profile/", views.profile, name="profile"),
    path(f"{_base}times/", views.times, name="times"),
    path(f"{_base}days/<int:number>/leave/", views.leave, name="leave"),
    path(f"{_base}sessions/<slug:code>/give-up/", views.give_up, name="give_up"),
    path(f"{_base}calendar/", views.calendar, name="calendar"),
    path(f"{_team}needs/", views.needs, name="needs"),
    path(f"{_team}wishes/", views.wishes, name="wishes"),
    path(f"{_team}absences/", views.absences, name="absences"),
    path(f"{_team}free/", views.free, name="free"),
    path("calendars/<slug:token>/mentoring.ics", views.feed, name="feed"),
]
