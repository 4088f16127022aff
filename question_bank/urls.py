from django.urls import path

from question_bank.browsing import views
from question_bank.curation.views import lists, questions, scripts, versions, writing

urlpatterns = [
    path("bank/", views.question_list, name="question-list"),
    path("bank/new/", questions.question_create, name="question-create"),
    path("bank/topics/", lists.topic_list, name="topic-list"),
    path("bank/topics/<int:pk>/merge/", lists.topic_merge, name="topic-merge"),
    path("bank/preview/", writing.question_preview, name="question-preview"),
    path("bank/similar/", writing.question_similar, name="question-similar"),
    path("bank/<int:pk>/merge/", writing.question_merge, name="question-merge"),
    path("bank/<int:pk>/", views.question_detail, name="question-detail"),
    path("bank/<int:pk>/edit/", questions.question_edit, name="question-edit"),
    path("bank/<int:pk>/publish/", questions.question_publish, name="question-publish"),
    path("bank/<int:pk>/retire/", questions.question_retire, name="question-retire"),
    path("bank/<int:pk>/restore/", questions.question_restore, name="question-restore"),
    path("bank/<int:pk>/delete/", questions.question_delete, name="question-delete"),
    path("bank/<int:pk>/history/", versions.question_history, name="question-history"),
    path("bank/<int:pk>/history/<int:change_pk>/restore/", versions.question_revert, name="question-revert"),
    path("scripts/", scripts.script_list, name="script-list"),
    path("scripts/new/", scripts.script_create, name="script-create"),
    path("scripts/rules/", lists.rules_for_all, name="script-rules"),
    path("scripts/<int:pk>/rules/", lists.rules_of_script, name="script-own-rules"),
    path("scripts/<int:pk>/", scripts.script_detail, name="script-detail"),
    path("scripts/<int:pk>/edit/", scripts.script_edit, name="script-edit"),
    path("scripts/<int:pk>/copy/", scripts.script_copy, name="script-copy"),
    path("scripts/<int:pk>/retire/", scripts.script_retire, name="script-retire"),
    path("scripts/<int:pk>/restore/", scripts.script_restore, name="script-restore"),
    path("scripts/<int:pk>/history/", versions.script_history, name="script-history"),
    path("scripts/<int:pk>/history/<int:change_pk>/restore/", versions.script_revert, name="script-revert"),
]
