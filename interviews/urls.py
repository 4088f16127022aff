import re

from django.urls import path
from django.views.generic import RedirectView

from interviews.debriefs.views import comparison, debriefs
from interviews.exports.views import exports, opening_files
from interviews.live import views
from interviews.pages.views import interviews, my_day, notices, outcomes, search, warnings
from interviews.planning.views import (
    calendars,
    candidate_moves,
    candidates,
    feedback,
    feeds,
    files,
    loops,
    missing,
    openings,
    people,
    practice,
    scheduling,
    stages,
)
from interviews.scorecards.views import revisions, scorecards

urlpatterns = [
    # First, because a tick over HTTP tries every address before its own.
    path("interviews/<int:pk>/commands/", views.live_command, name="live-command"),
    path("interviews/<int:pk>/events/", views.live_events, name="live-events"),
    path("", my_day.my_day, name="my-day"),
    path("practice/", practice.practice_create, name="practice-create"),
    path("search/", search.search_all, name="search"),
    path("calendar/", feeds.feed_settings, name="feed-settings"),
    path("calendar/delete/", feeds.feed_delete, name="feed-delete"),
    path("calendar/<str:token>.ics", feeds.feed_calendar, name="feed-calendar"),
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read, name="notice-read"),
    path("notices/settings/", notices.notice_settings, name="notice-settings"),
    path("openings/", openings.opening_list, name="opening-list"),
    path("openings/new/", openings.opening_create, name="opening-create"),
    path("openings/<int:pk>/", openings.opening_detail, name="opening-detail"),
    path("interviews/<int:pk>/warning/", warnings.interview_warning, name="interview-warning"),
    path("openings/<int:pk>/board/", stages.opening_board, name="opening-board"),
    path("openings/<int:pk>/compare/", comparison.opening_compare, name="opening-compare"),
    path("openings/<int:pk>/edit/", openings.opening_edit, name="opening-edit"),
    path("openings/<int:pk>/close/", openings.opening_close, name="opening-close"),
    path("openings/<int:pk>/reopen/", openings.opening_reopen, name="opening-reopen"),
    path(
        "openings/<int:pk>/scorecards.csv",
        opening_files.opening_scorecards,
        {"kind": "csv"},
        name="opening-scorecards-csv",
    ),
    path(
        "openings/<int:pk>/scorecards.json",
        opening_files.opening_scorecards,
        {"kind": "json"},
        name="opening-scorecards-json",
    ),
    path("openings/<int:opening_pk>/candidates/new/", candidates.candidate_create, name="candidate-create"),
    path("people/<int:pk>/", people.person_edit, name="person-edit"),
    path("people/openings/", people.opening_managers, name="opening-managers"),
    path("people/openings/<int:pk>/manager/", people.opening_manager_name, name="opening-manager-name"),
    path("candidates/", candidates.candidate_list, name="candidate-list"),
    path("candidates/<int:pk>/", candidates.candidate_detail, name="candidate-detail"),
    path("candidates/<int:pk>/edit/", candidates.candidate_edit, name="candidate-edit"),
    path("candidates/<int:pk>/move/", candidate_moves.candidate_move, name="candidate-move"),
    path("candidates/<int:pk>/merge/", candidate_moves.candidate_merge, name="candidate-merge"),
    path("candidates/<int:pk>/unmerge/", candidate_moves.candidate_unmerge, name="candidate-unmerge"),
    path("candidates/<int:pk>/delete/", candidate_moves.candidate_delete, name="candidate-delete"),
    path("candidates/<int:pk>/feedback/", feedback.candidate_feedback, name="candidate-feedback"),
    path("candidates/<int:pk>/stage/", stages.candidate_stage, name="candidate-stage"),
    path("candidates/<int:pk>/outcome/", stages.candidate_outcome, name="candidate-outcome"),
    path("candidates/<int:pk>/files/", files.file_list, name="candidate-files"),
    path("candidates/<int:pk>/files/<int:file_pk>/", files.file_open, name="candidate-file"),
    path("candidates/<int:pk>/files/<int:file_pk>/delete/", files.file_delete, name="candidate-file-delete"),
    path("candidates/<int:pk>/withdraw/", outcomes.candidate_withdraw, name="candidate-withdraw"),
    path("candidates/<int:pk>/reinstate/", outcomes.candidate_reinstate, name="candidate-reinstate"),
    path("candidates/<int:candidate_pk>/interviews/new/", scheduling.interview_create, name="interview-create"),
    path("candidates/<int:candidate_pk>/interviews/loop/", loops.loop_create, name="loop-create"),
    path("interviews/", interviews.interview_list, name="interview-list"),
    path("interviews/<int:pk>/", interviews.interview_detail, name="interview-detail"),
    path("interviews/<int:pk>/edit/", scheduling.interview_edit, name="interview-edit"),
    path("plan/sections/", scheduling.plan_sections, name="plan-sections"),
    path("interviews/<int:pk>/script/renew/", scheduling.interview_renew, name="interview-renew"),
    path("interviews/<int:pk>/askers/", interviews.interview_askers, name="interview-askers"),
    path("interviews/<int:pk>/panel/", interviews.interview_panel_add, name="interview-panel-add"),
    path("interviews/<int:pk>/end/", interviews.interview_end, name="interview-end"),
    path("interviews/<int:pk>/unstart/", interviews.interview_unstart, name="interview-unstart"),
    path("interviews/<int:pk>/reopen/", interviews.interview_reopen, name="interview-reopen"),
    path("interviews/<int:pk>/cancel/", scheduling.interview_cancel, name="interview-cancel"),
    path("interviews/<int:pk>/outcome/", outcomes.interview_outcome, name="interview-outcome"),
    path("interviews/<int:pk>/restore/", outcomes.interview_restore, name="interview-restore"),
    path("interviews/<int:pk>/calendar.ics", calendars.interview_calendar, name="interview-calendar"),
    path("interviews/<int:pk>/live/", views.live_page, name="live"),
    path("interviews/<int:pk>/live/bank/", views.live_bank, name="live-bank"),
    path("interviews/<int:pk>/live/questions/<int:question_pk>/", views.live_question, name="live-question"),
    path("interviews/<int:pk>/my-words/", scorecards.own_words, name="own-words"),
    path("interviews/<int:pk>/scorecard/", scorecards.scorecard, name="scorecard"),
    path("interviews/<int:pk>/scorecard/submit/", scorecards.scorecard_submit, name="scorecard-submit"),
    path("interviews/<int:pk>/scorecard/revise/", revisions.scorecard_revise, name="scorecard-revise"),
    # The address until 0.1, as found in bookmarks.
    path(
        "interviews/<int:pk>/scorecard/correct/",
        RedirectView.as_view(
            pattern_name="scorecard-revise", permanent=True, query_string=True, http_method_names=["get", "head"]
        ),
        name="scorecard-correct",
    ),
    path("interviews/<int:pk>/scorecards/<int:panelist_pk>/", scorecards.scorecard_read, name="scorecard-read"),
    path("interviews/<int:pk>/scorecards/<int:panelist_pk>/remind/", missing.scorecard_remind, name="scorecard-remind"),
    path("interviews/<int:pk>/scorecards/<int:panelist_pk>/waive/", missing.scorecard_waive, name="scorecard-waive"),
    path("interviews/<int:pk>/scorecards/<int:panelist_pk>/await/", missing.scorecard_await, name="scorecard-await"),
    path("interviews/<int:pk>/debrief/", debriefs.debrief, name="debrief"),
    path("interviews/<int:pk>/debrief/open/", debriefs.debrief_open, name="debrief-open"),
    path("interviews/<int:pk>/decisions/", debriefs.decision_create, name="decision-create"),
    path("interviews/<int:pk>/pdf/", exports.export_pdf, name="export-pdf"),
    path("interviews/<int:pk>/pdf/verify/", exports.export_pdf_verify, name="export-verify"),
    path("interviews/<int:pk>/pdf/<str:key>.pdf", exports.export_pdf_download, name="export-download"),
    path("candidates/<int:pk>/packet/", exports.export_packet, name="candidate-packet"),
    path("candidates/<int:pk>/packet/verify/", exports.export_packet_verify, name="candidate-packet-verify"),
    path("candidates/<int:pk>/packet/<str:key>.pdf", exports.export_packet_download, name="candidate-packet-download"),
    path("openings/<int:pk>/zip/", exports.export_zip, name="opening-zip"),
    path("openings/<int:pk>/zip/<str:key>.zip", exports.export_zip_download, name="opening-zip-download"),
    path("verify/", exports.document_verify, name="document-verify"),
    path("account/keys/", views.live_keys, name="live-keys"),
]

_UPLOADS = re.compile(r"/candidates/[0-9]+/files/")


def is_upload(method: str, path: str) -> bool:
    """Whether this request may carry a file of a candidate."""
    return method == "POST" and _UPLOADS.fullmatch(path) is not None
