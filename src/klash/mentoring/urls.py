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

    # In and around a session.
    path(f"{_base}sessions/<slug:code>/wish/", views.wish, name="wish"),
    path(f"{_base}sessions/<slug:code>/advice/", views.give_advice, name="give_advice"),
    path(f"{_base}sessions/<slug:code>/material/", views.give_material, name="give_material"),
    path(f"{_base}sessions/<slug:code>/late/", views.late, name="late"),
    path(f"{_base}sessions/<slug:code>/miss/", views.miss, name="miss"),
    path(f"{_base}advice/", views.advice, name="advice"),
    path(f"{_base}advice/<slug:code>/answer/", views.answer_advice, name="answer_advice"),
    path(f"{_base}advice/<slug:code>/take-back/", views.take_back_advice, name="take_back_advice"),
    path(f"{_base}materials/", views.materials, name="materials"),
    path(f"{_base}materials/<slug:code>/offer/", views.offer_material, name="offer_material"),
    path(f"{_base}diary/", views.diary, name="diary"),
    path(f"{_base}diary/<slug:code>/", views.change_entry, name="change_entry"),
    path(f"{_base}diary/<slug:code>/delete/", views.delete_entry, name="delete_entry"),
    path(f"{_base}live/", views.live, name="live"),
    path(f"{_base}fairness/", views.fairness, name="fairness"),
    path(f"{_base}plan/<int:number>/poster/", views.poster, name="poster"),
    path(f"{_base}checkin/", views.check_in_code, name="check_in_code"),
    path(f"{_base}checkin/<slug:code>/", views.check_in, name="check_in"),
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
