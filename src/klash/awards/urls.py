from django.urls import path

from klash.awards import views

app_name = "awards"
award = "c/<slug:competition>/challenges/<slug:challenge>/award/"
urlpatterns = [
    path("c/<slug:competition>/results/", views.results, name="results"),
    path("c/<slug:competition>/results/feed/", views.feed, name="feed"),
    path("c/<slug:competition>/results/<slug:challenge>/", views.result, name="result"),
    path(award, views.award, name="award"),
    path(f"{award}close/", views.close, name="close"),
    path(f"{award}request/", views.request_identities, name="request_identities"),
    path(f"{award}open/", views.open_identities, name="open_identities"),
    path(f"{award}decide/", views.decide, name="decide"),
    path(f"{award}correct/", views.correct, name="correct"),
    path(f"{award}publish/", views.publish, name="publish"),
]
