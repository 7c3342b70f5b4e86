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
    path(f"{_base}plan/make/", views.make_plan, name="make_plan"),
    path(f"{_base}plan/start/", views.start_draft, name="start_draft"),
    path(f"{_base}plan/renew/", views.renew_draft, name="renew_draft"),
    path(f"{_base}plan/discard/", views.discard_plan, name="discard_plan"),
    path(f"{_base}plan/publish/", views.publish_plan, name="publish_plan"),
    path(f"{_base}plan/versions/", views.versions, name="versions"),
    path(f"{_base}plan/meetings/add/", views.add_meeting, name="add_meeting"),
    path(f"{_base}plan/meetings/<slug:code>/", views.move, name="move"),
    path(f"{_base}plan/meetings/<slug:code>/moves/", views.moves, name="moves"),
    path(f"{_base}plan/meetings/<slug:code>/pin/", views.pin, name="pin"),
    path(f"{_base}plan/meetings/<slug:code>/remove/", views.remove_meeting, name="remove_meeting"),
    path(f"{_base}mentors/", views.mentors, name="mentors"),
    path(f"{_base}mentors/add/", views.add_mentor, name="add_mentor"),
]
