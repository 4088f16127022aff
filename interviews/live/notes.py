"""Commands for notes, which stay private until their author has submitted."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from interviews.live.context import CommandContext, Outcome, alone, or_refusal
from interviews.live.note_merge import merged
from interviews.models import Note, NoteRevision, Panelist, ScriptedQuestion
from interviews.records.note_history import earlier_revision, is_thinned_at, thin
from interviews.refusals import NotThere, Refused, TooLarge
from interviews.storable import text
from interviews.streams.prepared import Prepared, insert, run_for_each

# Merging puts texts below each other; a page that does so again and again would fill the memory of the server.
MERGED_CHARS = 4 * Note.MAX_CHARS
# By panelist and question (None: the whole interview).
Place = tuple[int, int | None]

# Not `bulk_update`, whose CASE takes longer to compile than all else in a batch.
_UPDATE = "UPDATE interviews_note SET text = %s, revision = %s, at = %s, is_after_call = %s WHERE id = %s"


def note(context: CommandContext) -> Outcome:
    """Store a note as sent. If it was changed elsewhere since `base_rev`, merge both texts."""
    return alone(note_many, context)


def note_many(contexts: Sequence[CommandContext]) -> list[Outcome | Refused]:
    """`note` for several commands, in order. Five queries, however many there are; a merge takes more."""
    wanted = [or_refusal(_wanted, context) for context in contexts]
    named = [one for one in wanted if not isinstance(one, Refused)]
    at_questions = [question for _, question, _ in named if question is not None]
    interviews = dict(_interviews(questions=at_questions)) if at_questions else {}
    desk = _Desk({(row.panelist_id, row.question_id): row for row in _stored(named)})
    payloads: list[tuple[dict[str, Any], Note]] = []

    def outcome(context: CommandContext, panelist: Panelist, question: int | None, sent: str) -> Outcome:
        if question is not None and interviews.get(question) != context.interview.pk:
            raise NotThere("This question isn’t in the interview.")
        row, base_rev = desk.at(panelist, question), context.command.base_rev
        is_merge = base_rev != row.revision and row.text not in ("", sent)
        if is_merge:
            # It reads the revisions.
            desk.write()
        words = merged(row, sent, base_rev=base_rev) if is_merge else sent
        if len(words) > MERGED_CHARS:
            raise TooLarge(
                "Merged with this text, the note would be too long. Copy the text to a safe place and shorten the note."
            )
        if words != row.text or row.revision == 0:
            desk.revise(row, words, at=context.at, is_after_call=context.is_after_call)
        # Without the text, which would be stored twice: `streams.events` adds it when the event is read.
        payload = {
            "note": row.pk,
            "question": row.question_id,
            "revision": row.revision,
            "is_after_call": row.is_after_call,
        }
        payloads.append((payload, row))
        # The sender already has the text, unless it was merged.
        more = {"note": row.pk, "text": words} if is_merge else {}
        return Outcome(panelist.own_stream, payload, {"revision": row.revision, "merged": is_merge, **more})

    both = zip(contexts, wanted, strict=True)
    outcomes = [one if isinstance(one, Refused) else or_refusal(outcome, context, *one) for context, one in both]
    desk.write()
    for payload, row in payloads:
        payload["note"] = row.pk
    return outcomes


def _wanted(context: CommandContext) -> tuple[Panelist, int | None, str]:
    panelist = context.author()
    context.writable()
    sent = text(context.command.value, name="note", limit=Note.MAX_CHARS)
    return panelist, None if context.command.target is None else context.command.target_id(), sent


@dataclass
class _Desk:
    """The notes of a batch: read once, changed in memory, written together."""

    rows: dict[Place, Note]
    changed: dict[int, Note] = field(default_factory=dict)
    revisions: list[NoteRevision] = field(default_factory=list)
    # Several changes of one note may go past the revision at which it is thinned.
    thinned: list[Note] = field(default_factory=list)

    def at(self, panelist: Panelist, question: int | None) -> Note:
        """The note at this place; one at revision 0 if there is none yet."""
        return self.rows.setdefault((panelist.pk, question), Note(panelist=panelist, question_id=question))

    def revise(self, row: Note, words: str, *, at: dt.datetime, is_after_call: bool) -> None:
        if row.revision > 0:
            self.revisions.append(earlier_revision(row, words))
        row.text, row.at, row.is_after_call = words, at, is_after_call
        row.revision += 1
        if is_thinned_at(row.revision):
            self.thinned.append(row)
        self.changed[id(row)] = row

    def write(self) -> None:
        rows = list(self.changed.values())
        old = [row for row in rows if row.pk is not None]
        Note.objects.bulk_create(row for row in rows if row.pk is None)
        if old:
            moment = connection.ops.adapt_datetimefield_value
            run_for_each(_UPDATE, [(row.text, row.revision, moment(row.at), row.is_after_call, row.pk) for row in old])
        for revision in self.revisions:
            revision.note_id = revision.note.pk
        insert(self.revisions)
        for row in self.thinned:
            thin(row)
        self.changed, self.revisions, self.thinned = {}, [], []


@Prepared
def _interviews(*, questions: list[int]) -> QuerySet[Any, tuple[int, int]]:
    return ScriptedQuestion.objects.filter(pk__in=questions).order_by().values_list("pk", "interview")


@Prepared
def _at_questions(*, panelists: list[int], questions: list[int]) -> QuerySet[Any, Note]:
    return Note.objects.filter(panelist__pk__in=panelists, question__pk__in=questions).order_by()


@Prepared
def _general(*, panelists: list[int]) -> QuerySet[Any, Note]:
    return Note.objects.filter(panelist__pk__in=panelists, question=None).order_by()


def _stored(named: Sequence[tuple[Panelist, int | None, str]]) -> list[Note]:
    at_questions = [(panelist.pk, question) for panelist, question, _ in named if question is not None]
    general = [panelist.pk for panelist, question, _ in named if question is None]
    rows = _general(panelists=general) if general else []
    if at_questions:
        panelists, questions = zip(*at_questions, strict=True)
        rows += _at_questions(panelists=list(panelists), questions=list(questions))
    return rows
