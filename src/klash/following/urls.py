from django.urls import path

from klash.following import views

app_name = "following"
urlpatterns = [
    path("following/", views.own, name="own"),
    path("following/stop/<str:code>/", views.stop, name="stop"),
    path("c/<slug:competition>/news/", views.news, name="news"),
    path("c/<slug:competition>/news/<slug:kind>/<str:code>/feed/", views.feed, name="feed"),
    path("c/<slug:competition>/news/<slug:kind>/<str:code>/follow/", views.follow, name="follow"),
]
