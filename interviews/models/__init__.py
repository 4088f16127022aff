from interviews.models.calendar_feeds import CalendarFeed
from interviews.models.calendars import CalendarEntry
from interviews.models.candidate_files import CandidateFile
from interviews.models.debriefs import Decision, EarlyDebrief
from interviews.models.evidence import LooseEnd, Note, NoteRevision, Rating, Tick, UnlistedPoint
from interviews.models.exports import Export, ExportRequest
from interviews.models.hooks import HookMessage
from interviews.models.interviews import Interview
from interviews.models.merges import CandidateMerge
from interviews.models.notices import Notice, NoticeSettings
from interviews.models.nudges import Nudge
from interviews.models.openings import BlindPolicy, Candidate, Opening
from interviews.models.panelists import Panelist
from interviews.models.scorecards import Erasure, Recommendation, Scorecard, ScorecardVersion
from interviews.models.scripted import ScriptedPoint, ScriptedQuestion, ScriptedSection
from interviews.models.stages import CandidateChange, CandidateTag, Stage
from interviews.models.streams import Event, LateCommand, Receipt
from interviews.models.warnings import DismissedWarning

__all__ = [
    "BlindPolicy",
    "CalendarEntry",
    "CalendarFeed",
    "Candidate",
    "CandidateChange",
    "CandidateFile",
    "CandidateMerge",
    "CandidateTag",
    "Decision",
    "DismissedWarning",
    "EarlyDebrief",
    "Erasure",
    "Event",
    "Export",
    "ExportRequest",
    "HookMessage",
    "Interview",
    "LateCommand",
    "LooseEnd",
    "Note",
    "NoteRevision",
    "Notice",
    "NoticeSettings",
    "Nudge",
    "Opening",
    "Panelist",
    "Rating",
    "Receipt",
    "Recommendation",
    "Scorecard",
    "ScorecardVersion",
    "ScriptedPoint",
    "ScriptedQuestion",
    "ScriptedSection",
    "Stage",
    "Tick",
    "UnlistedPoint",
]
