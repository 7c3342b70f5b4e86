from django.urls import path

from klash.competitions.views import calendar, late, promises, sections, setup

app_name = "competitions"
urlpatterns = [
    path("competitions/new/", setup.found, name="found"),
    path("c/<slug:competition>/calendar/", calendar.calendar, name="calendar"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/", calendar.move_deadline, name="move_deadline"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/confirm/", calendar.confirm_deadline, name="confirm_deadline"),
    path("c/<slug:competition>/calendar/<slug:kind>/move/take-back/", calendar.take_back_request, name="take_back_request"),
    path("c/<slug:competition>/late/", late.late_codes, name="late_codes"),
    path("c/<slug:competition>/late/<slug:code>/revoke/", late.revoke_late_code, name="revoke_late_code"),
    path("c/<slug:competition>/promises/", promises.promises, name="promises"),
    path("c/<slug:competition>/promises/add/", promises.add_promise, name="add_promise"),
    path("c/<slug:competition>/promises/<slug:code>/change/", promises.change_promise, name="change_promise"),
    path("c/<slug:competition>/promises/<slug:code>/mark/", promises.mark_promise, name="mark_promise"),
    path("c/<slug:competition>/promises/<slug:code>/remove/", promises.remove_promise, name="remove_promise"),
    path("c/<slug:competition>/setup/", setup.texts, name="texts"),
    path("c/<slug:competition>/setup/calendar/", setup.stages, name="stages"),
    path("c/<slug:competition>/setup/criteria/", setup.criteria, name="criteria"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/add/", setup.add_criterion, name="add_criterion"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/<slug:code>/", setup.criterion, name="criterion"),
    path("c/<slug:competition>/setup/criteria/<slug:kind>/<slug:code>/remove/", setup.remove_criterion, name="remove_criterion"),
    path("c/<slug:competition>/setup/sections/", sections.sections, name="sections"),
    path("c/<slug:competition>/setup/sections/add/", sections.add_section, name="add_section"),
    path("c/<slug:competition>/setup/sections/<slug:code>/", sections.section, name="section"),
    path("c/<slug:competition>/setup/sections/<slug:code>/move/", sections.move_section, name="move_section"),
    path("c/<slug:competition>/setup/sections/<slug:code>/remove/", sections.remove_section, name="remove_section"),
    path("c/<slug:competition>/setup/themes/", setup.themes, name="themes"),
    path("c/<slug:competition>/setup/themes/<slug:theme>/remove/", setup.remove_theme, name="remove_theme"),
    path("c/<slug:competition>/setup/partners/", setup.partners, name="partners"),
    path("c/<slug:competition>/setup/partners/<slug:organisation>/remove/", setup.remove_partner, name="remove_partner"),
]
