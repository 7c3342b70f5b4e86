from django.urls import path

from klash.interests import views

app_name = "interests"
urlpatterns = [path("interests/", views.interests, name="own")]
