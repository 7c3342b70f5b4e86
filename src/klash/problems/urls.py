from django.urls import path

from klash.problems import views

app_name = "problems"
_base = "c/<slug:competition>/problems/"
_one = f"{_base}<slug:code>/"
urlpatterns = [
    path(_base, views.problems, name="list"),
    path(f"{_base}export.<slug:form>", views.export, name="export"),
    path(f"{_base}map/", views.map_, name="map"),
    path(f"{_base}start/", views.start, name="start"),
    path(f"{_base}choose/", views.choose, name="choose"),
    path(f"{_base}choose/release/", views.release, name="release"),
    path(f"{_base}file/", views.file, name="file"),
    path(f"{_base}themes/", views.themes, name="themes"),
    path(f"{_base}themes/suggested/", views.groups, name="groups"),
    path(f"{_base}themes/gather/", views.gather, name="gather"),
    path(f"{_base}partners/", views.matches, name="matches"),
    path(f"{_base}feedback/", views.seen, name="seen"),
    path(f"{_base}talks/<slug:talk>/", views.talk, name="talk"),
    path(f"{_base}similar/", views.alike, name="alike"),
    path(f"{_base}similar/<slug:code>/<slug:other>/", views.compare, name="compare"),
    path(f"{_base}themes/<slug:theme>/", views.theme, name="theme"),
    path(f"{_base}import/", views.import_, name="import"),
    path(f"{_base}import/template.<slug:form>", views.template, name="template"),
    path(f"{_base}import/<slug:code>/take/", views.take_in, name="take_in"),
    path(f"{_base}screening/", views.screening, name="screening"),
    path(f"{_base}screening/questions/", views.eligibility, name="eligibility"),
    path(f"{_base}screening/questions/<slug:question>/remove/", views.remove_question, name="remove_question"),
    path(f"{_one}screen/", views.screen, name="screen"),
    path(_one, views.problem, name="problem"),
    path(f"{_one}write/", views.write, name="write"),
    path(f"{_one}save/", views.save, name="save"),
    path(f"{_one}near/", views.near, name="near"),
    path(f"{_one}summary/", views.summary, name="summary"),
    path(f"{_one}receipt/", views.receipt, name="receipt"),
    path(f"{_one}join/", views.join, name="join"),
    path(f"{_one}writers/", views.writers, name="writers"),
    path(f"{_one}offer/", views.offer, name="offer"),
    path(f"{_one}ask/", views.ask, name="ask"),
    path(f"{_one}ask/back/", views.take_back_more, name="take_back_more"),
    path(f"{_one}more/", views.more, name="more"),
    path(f"{_one}partners/", views.partners, name="partners"),
    path(f"{_one}files/<slug:question>/", views.attach, name="attach"),
    path(f"{_one}files/<slug:question>/get/", views.file_answer, name="file_answer"),
    path(f"{_one}part/", views.part, name="part"),
    path(f"{_one}withdraw/", views.withdraw, name="withdraw"),
]
