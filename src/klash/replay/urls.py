from django.urls import path

from klash.replay import views

app_name = "replay"
urlpatterns = [
    path("enter/", views.enter, name="enter"),
    path("move/", views.move, name="move"),
    path("moving/", views.moving, name="moving"),
    path("mail/", views.mail, name="mail"),
]
