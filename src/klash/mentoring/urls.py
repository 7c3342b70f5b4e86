from django.urls import path

from klash.mentoring import views

app_name = "mentoring"
_base = "c/<slug:competition>/mentoring/"
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
    path(f"{_base}plan/days/", views.days, name="days"),
    path(f"{_base}plan/<int:number>/edit/", views.edit_day, name="edit_day"),
    path(f"{_base}plan/<int:number>/remove/", views.remove_day, name="remove_day"),
    path(f"{_base}plan/<int:number>/joint/", views.add_joint_session, name="add_joint_session"),
    path(f"{_base}plan/<int:number>/joint/<slug:code>/", views.edit_joint_session, name="edit_joint_session"),
    path(f"{_base}plan/<int:number>/joint/<slug:code>/remove/", views.remove_joint_session, name="remove_joint_session"),
    path(f"{_base}plan/rules/", views.rules, name="rules"),
    path(f"{_base}plan/rules/pair/", views.add_pair, name="add_pair"),
    path(f"{_base}plan/rules/pair/<slug:team>/<slug:mentor>/remove/", views.remove_pair, name="remove_pair"),
    path(f"{_base}plan/times/", views.times, name="times"),
    path(f"{_base}plan/times/ask/", views.ask, name="ask"),
    path(f"{_base}plan/<int:number>/session/", views.add_session, name="add_session"),
    path(f"{_base}mentors/", views.mentors, name="mentors"),
    path(f"{_base}mentors/add/", views.add_mentor, name="add_mentor"),
]
