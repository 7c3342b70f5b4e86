from django.urls import path

from klash.teams import views

app_name = "teams"
urlpatterns = [
    path("c/<slug:competition>/challenges/<slug:challenge>/found/", views.found, name="found"),
    path("c/<slug:competition>/challenges/<slug:challenge>/admissions/", views.admissions, name="admissions"),
    path("c/<slug:competition>/challenges/<slug:challenge>/admissions/release/", views.release, name="release"),
    path("teams/join/<str:token>/", views.join, name="join"),
    path("teams/<slug:team>/", views.show, name="show"),
    path("teams/<slug:team>/invite/", views.invite, name="invite"),
    path("teams/<slug:team>/firms/", views.firms, name="firms"),
    path("teams/<slug:team>/members/<slug:member>/remove/", views.remove, name="remove"),
    path("c/<slug:competition>/challenges/<slug:challenge>/needs/", views.needs, name="needs"),
    path("c/<slug:competition>/team-rules/", views.rules, name="rules"),
    path("c/<slug:competition>/team-rules/question/", views.add_question, name="add_question"),
    path("c/<slug:competition>/team-rules/questions/<str:code>/remove/", views.remove_question, name="remove_question"),
    path("c/<slug:competition>/team-rules/conditions/", views.edit_conditions, name="edit_conditions"),
    path("teams/<slug:team>/who/", views.who, name="who"),
    path("teams/<slug:team>/what/", views.what, name="what"),
    path("teams/<slug:team>/invitations/<str:mark>/", views.invitation, name="invitation"),
    path("teams/<slug:team>/members/<slug:member>/right/", views.right, name="right"),
    path("teams/<slug:team>/members/<slug:member>/lead/", views.offer_lead, name="offer_lead"),
    path("teams/<slug:team>/lead/", views.take_lead, name="take_lead"),
    path("teams/<slug:team>/lead/back/", views.take_back_lead, name="take_back_lead"),
    path("teams/<slug:team>/lead/appoint/", views.appoint, name="appoint"),
    path("teams/<slug:team>/resign/", views.resign, name="resign"),
    path("teams/<slug:team>/admit/", views.admit_reserve, name="admit_reserve"),
    path("teams/<slug:team>/leave/", views.leave, name="leave"),
    path("teams/<slug:team>/notice-facts/", views.notice_facts, name="notice_facts"),
    path("teams/<slug:team>/eligibility/", views.eligibility, name="eligibility"),
    path("teams/<slug:team>/conditions/", views.conditions, name="conditions"),
    path("teams/<slug:team>/declaration/", views.declaration, name="declaration"),
    path("teams/<slug:team>/application/", views.write, name="application"),
    path("teams/<slug:team>/application/summary/", views.summary, name="summary"),
    path("teams/<slug:team>/application/receipt/", views.receipt, name="receipt"),
    path("teams/<slug:team>/application/withdraw/", views.withdraw, name="withdraw"),
]
