from django.urls import path

from klash.challenges import views

app_name = "challenges"
urlpatterns = [
    path("c/<slug:competition>/challenges/", views.browse, name="list"),
    path("c/<slug:competition>/challenges/shape/", views.shape, name="shape"),
    path("c/<slug:competition>/challenges/<slug:challenge>/", views.show, name="challenge"),
    path("c/<slug:competition>/challenges/<slug:challenge>/edit/", views.edit, name="edit"),
    path("c/<slug:competition>/challenges/<slug:challenge>/publish/", views.publish, name="publish"),
    path("c/<slug:competition>/challenges/<slug:challenge>/change/", views.change, name="change"),
    path("c/<slug:competition>/challenges/<slug:challenge>/notice/", views.notice, name="notice"),
    path("c/<slug:competition>/challenges/<slug:challenge>/measures/", views.measures, name="measures"),
    path("c/<slug:competition>/challenges/<slug:challenge>/measures/<int:number>/", views.measure, name="measure"),
    path("c/<slug:competition>/challenges/<slug:challenge>/brief/", views.brief, name="brief"),
    path("c/<slug:competition>/challenges/<slug:challenge>/brief/versions/", views.versions, name="versions"),
    path("c/<slug:competition>/challenges/<slug:challenge>/brief/<slug:place>/", views.talk, name="talk"),
    path("c/<slug:competition>/challenges/<slug:challenge>/editions/<int:number>/", views.edition, name="edition"),
    path("c/<slug:competition>/challenges/<slug:challenge>/questions/", views.questions, name="questions"),
    path("c/<slug:competition>/challenges/<slug:challenge>/answering/", views.answering, name="answering"),
    path("c/<slug:competition>/challenges/<slug:challenge>/answering/session/", views.add_session, name="add_session"),
    path("c/<slug:competition>/challenges/<slug:challenge>/answering/session/<slug:code>/", views.edit_session, name="edit_session"),
    path("c/<slug:competition>/challenges/<slug:challenge>/answering/<slug:code>/", views.answer, name="answer"),
    path("questions/confirm/<str:token>/", views.confirm, name="confirm"),
]
