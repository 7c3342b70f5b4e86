from django.urls import path

from klash.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-up/", views.sign_up, name="sign_up"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("reset/", views.reset, name="reset"),
    path("reset/<str:code>/<str:token>/", views.reset_confirm, name="reset_confirm"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("kept/", views.kept_forms, name="kept"),
    path("profile/", views.profile, name="profile"),
]
