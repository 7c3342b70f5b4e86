from django.urls import path

from klash.competitions import views

app_name = "competitions"
urlpatterns = [
    path("c/<slug:competition>/calendar/", views.calendar, name="calendar"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/", views.move_deadline, name="move_deadline"),
]
