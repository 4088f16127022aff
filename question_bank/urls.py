from django.urls import path

from question_bank.views import bank, curation, scripts

urlpatterns = [
    path("bank/", bank.question_list, name="question-list"),
    path("bank/new/", curation.question_create, name="question-create"),
    path("bank/<int:pk>/", bank.question_detail, name="question-detail"),
    path("bank/<int:pk>/edit/", curation.question_edit, name="question-edit"),
    path("bank/<int:pk>/publish/", curation.question_publish, name="question-publish"),
    path("bank/<int:pk>/retire/", curation.question_retire, name="question-retire"),
    path("bank/<int:pk>/restore/", curation.question_restore, name="question-restore"),
    path("bank/<int:pk>/delete/", curation.question_delete, name="question-delete"),
    path("scripts/", scripts.script_list, name="script-list"),
    path("scripts/new/", scripts.script_create, name="script-create"),
    path("scripts/<int:pk>/", scripts.script_detail, name="script-detail"),
    path("scripts/<int:pk>/edit/", scripts.script_edit, name="script-edit"),
    path("scripts/<int:pk>/copy/", scripts.script_copy, name="script-copy"),
    path("scripts/<int:pk>/retire/", scripts.script_retire, name="script-retire"),
    path("scripts/<int:pk>/restore/", scripts.script_restore, name="script-restore"),
]
