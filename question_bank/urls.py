from django.urls import path

from question_bank.views import bank, curation

urlpatterns = [
    path("bank/", bank.question_list, name="question-list"),
    path("bank/new/", curation.question_create, name="question-create"),
    path("bank/<int:pk>/", bank.question_detail, name="question-detail"),
    path("bank/<int:pk>/edit/", curation.question_edit, name="question-edit"),
    path("bank/<int:pk>/publish/", curation.question_publish, name="question-publish"),
    path("bank/<int:pk>/retire/", curation.question_retire, name="question-retire"),
    path("bank/<int:pk>/restore/", curation.question_restore, name="question-restore"),
    path("bank/<int:pk>/delete/", curation.question_delete, name="question-delete"),
]
