from django.urls import path

from klash.reviewing import views

app_name = "reviewing"
urlpatterns = [
    path("", views.rounds, name="rounds"),
    path("<slug:code>/", views.round, name="round"),
    path("<slug:code>/take/", views.take, name="take"),
    path("<slug:code>/preferences/", views.preferences, name="preferences"),
    path("<slug:code>/decline/", views.decline, name="decline"),
    path("<slug:code>/submit/", views.submit, name="submit"),
    path("<slug:code>/result/", views.result, name="result"),
    path("<slug:code>/result.<slug:form>", views.export, name="export"),
    path("<slug:code>/result/firmness/", views.firmness, name="firmness"),
    path("<slug:code>/result/weights/", views.weights, name="weights"),
    path("<slug:code>/report/", views.report, name="report"),
    path("<slug:code>/report.<slug:language>.pdf", views.report_pdf, name="report_pdf"),
    path("<slug:code>/report/sign/", views.sign, name="sign"),
    path("<slug:code>/meeting/", views.meeting, name="meeting"),
    path("<slug:code>/minutes/", views.minutes, name="minutes"),
    path("<slug:code>/questions/", views.questions, name="questions"),
    path("<slug:code>/<str:entry_code>/", views.entry, name="entry"),
    path("<slug:code>/<str:entry_code>/ask/", views.ask, name="ask"),
    path("<slug:code>/<str:entry_code>/recuse/", views.recuse, name="recuse"),
    path("<slug:code>/<str:entry_code>/remark/", views.remark, name="remark"),
    path("<slug:code>/<str:entry_code>/score/", views.score, name="score"),
    path("<slug:code>/<str:entry_code>/<int:number>/", views.file, name="file"),
    path("<slug:code>/<str:entry_code>/<int:number>/read/", views.read, name="read"),
    path("<slug:code>/<str:entry_code>/<int:number>/<int:sheet>.png", views.picture, name="picture"),
]
