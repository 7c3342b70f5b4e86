from django.urls import path

from klash.challenges import views

app_name = "challenges"
urlpatterns = [
    path("c/<slug:competition>/challenges/", views.browse, name="list"),
    path("c/<slug:competition>/challenges/shape/", views.shape, name="shape"),
    path("c/<slug:competition>/challenges/<slug:challenge>/", views.show, name="challenge"),
    path("c/<slug:competition>/challenges/<slug:challenge>/edit/", views.edit, name="edit"),
    path("c/<slug:competition>/challenges/<slug:challenge>/publish/", views.publish, name="publish"),
]
