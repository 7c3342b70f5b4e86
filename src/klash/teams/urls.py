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
    path("teams/<slug:team>/application/", views.write, name="application"),
    path("teams/<slug:team>/application/summary/", views.summary, name="summary"),
    path("teams/<slug:team>/application/receipt/", views.receipt, name="receipt"),
    path("teams/<slug:team>/application/withdraw/", views.withdraw, name="withdraw"),
]
