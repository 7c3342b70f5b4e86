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
    path(f"{_base}plan/<int:number>/session/", views.add_session, name="add_session"),
    path(f"{_base}mentors/", views.mentors, name="mentors"),
    path(f"{_base}mentors/add/", views.add_mentor, name="add_mentor"),
    # afterwards
    path(f"{_base}network/", views.network, name="network"),
    path(f"{_base}said/", views.said, name="said"),
    path(f"{_base}thanks/", views.thanks, name="thanks"),
    path(f"{_base}thanks/all.zip", views.thanks_zip, name="thanks_zip"),
    path(f"{_base}thanks/<slug:code>.pdf", views.thanks_pdf, name="thanks_pdf"),
    path(f"{_base}badge/", views.badge, name="badge"),
    path(f"{_base}badge/offer/", views.offer_badges, name="offer_badges"),
    path(f"{_base}badge/take/", views.take_badge, name="take_badge"),
    path(f"{_base}badge/delete/", views.delete_badge, name="delete_badge"),
    path(f"{_base}badge/issuer.json", views.badge_issuer, name="badge_issuer"),
    path(f"{_base}badge/class.json", views.badge_class, name="badge_class"),
    path(f"{_base}badge/image.svg", views.badge_image, name="badge_image"),
    path(f"{_base}badge/assertions/<slug:code>.json", views.badge_assertion, name="badge_assertion"),
    path(f"{_base}badge/assertions/<slug:code>.svg", views.badge_picture, name="badge_picture"),
]
