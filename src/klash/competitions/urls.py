from django.urls import path

from klash.competitions.views import calendar, forms, setup

app_name = "competitions"
urlpatterns = [
    path("competitions/new/", setup.found, name="found"),
    path("c/<slug:competition>/calendar/", calendar.calendar, name="calendar"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/", calendar.move_deadline, name="move_deadline"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/confirm/", calendar.confirm_deadline, name="confirm_deadline"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/take-back/", calendar.take_back_request, name="take_back_request"),
    path("c/<slug:competition>/setup/", setup.texts, name="texts"),
    path("c/<slug:competition>/setup/calendar/", setup.stages, name="stages"),
    path("c/<slug:competition>/setup/criteria/", setup.criteria, name="criteria"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/add/", setup.add_criterion, name="add_criterion"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/<slug:code>/", setup.criterion, name="criterion"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/<slug:code>/remove/", setup.remove_criterion, name="remove_criterion"),
    path("c/<slug:competition>/setup/forms/", forms.forms, name="forms"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/", forms.form, name="form"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/try/", forms.try_form, name="try_form"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/preset/", forms.use_preset, name="use_preset"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/preview/", forms.preview_question, name="preview_question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/add/", forms.add_question, name="add_question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/sections/add/", forms.add_section, name="add_section"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/sections/<slug:code>/", forms.section, name="section"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/sections/<slug:code>/move/", forms.move_section, name="move_section"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/sections/<slug:code>/remove/", forms.remove_section, name="remove_section"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/questions/<slug:code>/", forms.question, name="question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/questions/<slug:code>/show/", forms.show_question, name="show_question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/questions/<slug:code>/move/", forms.move_question, name="move_question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/questions/<slug:code>/remove/", forms.remove_question, name="remove_question"),
    path("c/<slug:competition>/setup/forms/<slug:stage>/questions/<slug:code>/again/", forms.ask_again, name="ask_again"),
    path("c/<slug:competition>/setup/themes/", setup.themes, name="themes"),
    path("c/<slug:competition>/setup/themes/<slug:theme>/remove/", setup.remove_theme, name="remove_theme"),
    path("c/<slug:competition>/setup/partners/", setup.partners, name="partners"),
    path("c/<slug:competition>/setup/partners/<slug:organisation>/remove/", setup.remove_partner, name="remove_partner"),
]
