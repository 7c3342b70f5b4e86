from django.urls import path

from klash.proposals import late_views, upload_views, views

app_name = "proposals"
own, opening = "c/<slug:competition>/teams/<str:team>/proposal/", "c/<slug:competition>/challenges/<slug:challenge>/opening/"
urlpatterns = [
    path(own, views.edit, name="edit"),
    path(f"{own}start/", views.start, name="start"),
    path(f"{own}save/", views.save, name="save"),
    path(f"{own}files/", views.attach, name="attach"),
    path(f"{own}files/<str:key>/", views.file, name="file"),
    path(f"{own}files/<str:key>/picture/", views.file_picture, name="file_picture"),
    path(f"{own}files/<str:key>/detach/", views.detach, name="detach"),
    path(f"{own}uploads/", upload_views.begin_upload, name="begin_upload"),
    path(f"{own}uploads/<str:key>/", upload_views.upload, name="upload"),
    path(f"{own}identity/", views.identity, name="identity"),
    path(f"{own}identity/replace/", views.replace_name, name="replace_name"),
    path(f"{own}identity/settle/", views.settle_finding, name="settle_finding"),
    path(f"{own}blind/", views.blind, name="blind"),
    path(f"{own}blind/<int:number>/", views.blind_file, name="blind_file"),
    path(f"{own}summary/", views.summary, name="summary"),
    path(f"{own}withdraw/", views.withdraw, name="withdraw"),
    path(f"{own}receipts/<str:receipt>/", views.receipt, name="receipt"),
    path(f"{own}receipts/<str:receipt>/<int:number>/picture/", views.receipt_picture, name="receipt_picture"),
    path(f"{own}receipts/<str:receipt>/json/", views.receipt_json, name="receipt_json"),
    path(opening, views.opening, name="opening"),
    path(f"{opening}keys/", views.rehearse_keys, name="rehearse_keys"),
    path(f"{opening}request/", views.request_opening, name="request_opening"),
    path(f"{opening}confirm/", views.confirm_opening, name="confirm_opening"),
    path(f"{opening}open/", views.open_proposals, name="open"),
    path(f"{opening}late/", late_views.late, name="late"),
    path(f"{opening}late/<str:receipt>/decide/", late_views.decide_late, name="decide_late"),
    path(f"{opening}late/<str:receipt>/confirm/", late_views.confirm_late, name="confirm_late"),
    path(f"{opening}late/<str:receipt>/take-back/", late_views.take_back_late, name="take_back_late"),
    path(f"{opening}jury/", views.invite_juror, name="invite_juror"),
]
