from django.urls import path

from interviews.views import candidates, exports, interviews, live, my_day, openings, planning, scorecards

urlpatterns = [
    path("", my_day.my_day, name="my-day"),
    path("openings/", openings.opening_list, name="opening-list"),
    path("openings/new/", openings.opening_create, name="opening-create"),
    path("openings/<int:pk>/", openings.opening_detail, name="opening-detail"),
    path("openings/<int:pk>/edit/", openings.opening_edit, name="opening-edit"),
    path("openings/<int:pk>/close/", openings.opening_close, name="opening-close"),
    path("openings/<int:pk>/reopen/", openings.opening_reopen, name="opening-reopen"),
    path("openings/<int:opening_pk>/candidates/new/", candidates.candidate_create, name="candidate-create"),
    path("candidates/<int:pk>/", candidates.candidate_detail, name="candidate-detail"),
    path("candidates/<int:pk>/edit/", candidates.candidate_edit, name="candidate-edit"),
    path("candidates/<int:candidate_pk>/interviews/new/", planning.interview_create, name="interview-create"),
    path("interviews/", interviews.interview_list, name="interview-list"),
    path("interviews/<int:pk>/", interviews.interview_detail, name="interview-detail"),
    path("interviews/<int:pk>/edit/", planning.interview_edit, name="interview-edit"),
    path("interviews/<int:pk>/cancel/", planning.interview_cancel, name="interview-cancel"),
    path("interviews/<int:pk>/live/", live.live_page, name="live"),
    path("interviews/<int:pk>/commands/", live.live_command, name="live-command"),
    path("interviews/<int:pk>/events/", live.live_events, name="live-events"),
    path("interviews/<int:pk>/scorecard/", scorecards.scorecard, name="scorecard"),
    path("interviews/<int:pk>/scorecards/<int:panelist_pk>/", scorecards.scorecard_read, name="scorecard-read"),
    path("interviews/<int:pk>/pdf/", exports.export_pdf, name="export-pdf"),
    path("interviews/<int:pk>/pdf/<str:key>.pdf", exports.export_download, name="export-download"),
    path("account/keys/", live.live_keys, name="live-keys"),
]
