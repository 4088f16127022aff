"""R-acts: all that changes plan, clock and people of a call, with lost answers and a killed server."""

import datetime as dt
import json
import random
import threading
import time
import uuid
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from faults.cases import DRAIN
from faults.client import Light
from faults.evidence import Report, call, gaps, settle, signed_in
from harness import sessions
from harness.http import Connection, request
from harness.proxy import Fault, Proxy
from harness.site import Site

FAULTS = [Fault.CUT, *[Fault.CUT_AFTER_COMMIT] * 2, *[Fault.NONE] * 7]
Wanted = dict[str, Any]


class Acts:
    """A call whose lead and manager do everything that can be done to it. `wanted` is how it has to be afterwards."""

    def __init__(self, port: int, seed: int, number: int) -> None:
        self.dice = random.Random(seed * 10 + number)
        self.port = port
        now = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
        self.lead, self.other = call(panelists=2, live=False, scheduled_for=now - dt.timedelta(minutes=5))
        self.interview = self.lead.panelist.interview
        # One lead of two sends over the socket.
        self.lights = [
            seat.light(port, seed * 10 + number + 2 * place, timeout=1)
            for place, seat in enumerate([self.lead, self.other])
        ]
        self.manager, self.stand_in, self.picked = _people_and_question(self.interview)
        self.session = signed_in(self.manager)
        self.sections = list(self.interview.sections.values_list("pk", flat=True))
        self.posted: list[str] = []
        self.problems: list[str] = []
        self.sent: list[tuple[Light, dict[str, Any]]] = []
        # Expected of the database: state and parking of each question, fields of the call, who asks which section.
        self.questions: dict[int, tuple[str, bool]] = {}
        self.added: dict[str, bool] = {}
        self.nudges: dict[str, bool] = {}
        self.suggestions: dict[str, bool] = {}
        self.fields: Wanted = {"minutes": self.interview.minutes, "may_run_over": False}
        self.askers: dict[int, int] = {}

    def run(self, edits: int) -> None:
        for light in self.lights:
            light.start()
        self._start()
        recording = threading.Thread(target=self._record, args=(edits,))
        recording.start()
        acts = [self._cover, self._park, self._add, self._nudge, self._suggest, self._clock, self._give]
        for act in [*acts, *self.dice.choices(acts, k=max(0, edits - len(acts)))]:
            act()
        self._hand_over()
        recording.join()
        self._end()
        self._call_off()

    def _do(self, kind: str, target: Any, value: Any, *, by: int = 0, **more: Any) -> dict[str, Any]:
        command: dict[str, Any] = self.lights[by].do(kind, target, value, **more)
        self.sent.append((self.lights[by], command))
        return command

    def _drain(self) -> None:
        """Others go on only once these have arrived."""
        for light in self.lights:
            light.drain(DRAIN)

    def _record(self, edits: int) -> None:
        for _ in range(edits):
            self.other.edit(self.lights[1], self.dice, is_alone=True)
            time.sleep(0.005)

    def _start(self) -> None:
        self._post("interview-panel-add", "panel", person=self.stand_in.pk)
        start = self._do("start", None, True)
        self._do("start", None, False, undoes=start["id"])
        self._do("start", None, True)
        self._drain()

    def _cover(self) -> None:
        question = self.dice.choice(self.lead.questions)
        state, _ = self.questions.get(question, ("unasked", False))
        if state == "unasked" and self.dice.random() < 0.5:
            skip = self._do("skip", question, 1)
            self.questions[question] = ("skipped", False)
            if self.dice.random() < 0.5:
                self._do("skip", question, None, undoes=skip["id"])
                self.questions[question] = ("unasked", False)
        else:
            self._do("ask", question, "now")
            self.questions[question] = ("asked", False)

    def _park(self) -> None:
        question, on = self.dice.choice(self.lead.questions), self.dice.random() < 0.8
        self._do("park", question, on)
        self.questions[question] = (self.questions.get(question, ("unasked", False))[0], on)

    def _add(self) -> None:
        if len(self.added) == 20:  # the call has room for 30
            return
        key, is_picked = self._key(), not self.added
        added = self._do("add", key, {"question": self.picked.pk} if is_picked else {"text": f"And {len(self.added)}?"})
        self.added[key] = is_picked or self.dice.random() < 0.7
        if not self.added[key]:
            self._do("add", key, None, undoes=added["id"])

    def _nudge(self) -> None:
        key = self._key()
        self._do("nudge", key, "Ask about Vary")
        self._do("nudge_seen", key, True)
        self.nudges[key] = self.dice.random() < 0.7
        if not self.nudges[key]:
            self._do("nudge", key, None)

    def _suggest(self) -> None:
        key = self._key()
        sent = self._do("suggest", key, {"kind": "new", "text": f"Ask for {key}"})
        self.suggestions[key] = self.dice.random() < 0.7
        if not self.suggestions[key]:
            self._do("suggest", key, None, undoes=sent["id"])

    def _clock(self) -> None:
        pause = self._do("pause", None, True)
        self._do("pause", None, False, undoes=pause["id"])
        self.fields["minutes"] += 5 if self.fields["minutes"] < 200 else 0
        self._do("minutes", None, self.fields["minutes"])
        self.fields["may_run_over"] = self.dice.random() < 0.5
        self._do("run_over", None, self.fields["may_run_over"])

    def _give(self) -> None:
        section, who = self.dice.choice(self.sections), self.dice.choice([self.lead, self.other]).panelist.pk
        self.askers[section] = self.fields["asks_next_id"] = who
        self._do("asker", section, who)
        self._do("turn", None, who)

    def _hand_over(self) -> None:
        mine, theirs = self.lead.panelist.pk, self.other.panelist.pk
        given = self._do("lead", None, theirs)
        self._do("lead", None, mine, undoes=given["id"])
        self._drain()
        self._do("take_lead", None, True, by=1)
        self._drain()
        self._do("take_lead", None, True)
        self._drain()
        self.fields["asks_next_id"] = mine

    def _end(self) -> None:
        end = self._do("end", None, True)
        self._do("reopen", None, True, undoes=end["id"])
        self._do("end", None, True)
        self._drain()
        self._post("interview-reopen", "reopen")
        self._post("interview-end", "end")

    def _call_off(self) -> None:
        self._post("interview-outcome", "cancel", outcome="failure", reason="The line broke.", time_zone="UTC")
        self._post("interview-restore", "restore")
        self._post("interview-outcome", "cancel", outcome="no_show", reason="Did not appear.", time_zone="UTC")
        self._post("interview-restore", "restore")
        self._post("interview-outcome", "cancel", outcome="withdrew", reason="Took another offer.", time_zone="UTC")
        self._post("candidate-reinstate")
        self._post("interview-restore", "restore")
        then = self.interview.scheduled_for + dt.timedelta(days=2)
        when = {"date": f"{then:%Y-%m-%d}", "time": f"{then:%H:%M}", "time_zone": "UTC"}
        was = self.interview.scheduled_for.isoformat()
        self._post("interview-outcome", "reschedule", outcome="rescheduled", reason="Tomorrow.", was=was, **when)
        self.fields |= {"status": "scheduled", "scheduled_for": then, "moved_from": self.interview.scheduled_for}

    def _post(self, name: str, kind: str = "", **form: Any) -> None:
        """A form of the manager about the interview, or without an event about its candidate, sent again until it is
        answered."""
        self.posted += [kind] if kind else []
        pk = self.interview.pk if kind else self.interview.candidate_id
        head = sessions.headers(self.session) | {"Content-Type": "application/x-www-form-urlencoded"}
        path = reverse(name, args=[pk])
        sent = request("POST", path, headers=head, body=urlencode(form).encode())
        deadline, status = time.monotonic() + DRAIN, 503
        while status == 503 and time.monotonic() < deadline:
            try:
                connection = Connection(self.port, 5)
                status = connection.send(sent)[0]
                connection.close()
            except OSError:
                time.sleep(0.05)
        if status != 302:
            self.problems.append(f"{name} was answered {status}")

    def _key(self) -> str:
        return str(uuid.UUID(int=self.dice.getrandbits(128), version=4))

    def send_again(self, port: int) -> int:
        """Send every command once more; return how many get another answer than their first one."""
        others = 0
        for light, command in self.sent:
            light.port = port
            light.hang_up()
            again = {key: value for key, value in command.items() if key != "at"} | {"age": 0}
            others += light.post(json.dumps(again)) != (200, light.receipts.get(command["id"]))
        return others

    def check(self, report: Report) -> None:
        """Once everything has arrived, count lost changes and those applied twice."""
        from interviews.models import Event

        for seat, light in zip([self.lead, self.other], self.lights, strict=True):
            settle(report, seat, light)
        kinds = Event.objects.filter(interview=self.interview, actor=self.manager).order_by("seq")
        done = list(kinds.values_list("kind", flat=True))
        report.duplicated += max(0, len(done) - len(self.posted))
        if done != self.posted:
            self.problems.append(f"the manager did {self.posted}, and the events tell {done}")
        wrong = self._differences()
        report.lost += len(wrong)
        report.notes += [*self.problems, *wrong, *(f"stream {one} has a gap" for one in gaps(self.interview.pk))]

    def _differences(self) -> list[str]:
        from interviews.models import CandidateChange, Interview, Nudge, ScriptedQuestion
        from question_bank.models import Suggestion

        questions = ScriptedQuestion.objects.filter(interview=self.interview)
        states = {row.pk: (row.state, row.is_parked) for row in questions}
        added = dict(
            questions.filter(added_by=self.lead.panelist).exclude(added_id=None).values_list("added_id", "is_removed")
        )
        nudges = dict(Nudge.objects.filter(author=self.lead.panelist).values_list("client_id", "is_removed"))
        mine = Suggestion.objects.filter(by=self.lead.panelist.user_id)
        suggested = [str(key) for key in mine.values_list("client_id", flat=True)]
        wanted = [key for key, is_there in self.suggestions.items() if is_there]
        interview = Interview.objects.get(pk=self.interview.pk)
        history = CandidateChange.objects.filter(candidate=interview.candidate).values_list("kind", flat=True)
        askers = dict(interview.sections.exclude(asker=None).values_list("pk", "asker"))
        panel = {seat.user_id: seat.part for seat in interview.panelists.current()}
        people = {
            self.lead.panelist.user_id: "lead",
            self.other.panelist.user_id: "interviewer",
            self.stand_in.pk: "interviewer",
        }
        pairs = [
            ("panel", panel, people),
            ("who asks what", askers, self.askers),
            ("added questions", {str(key): not gone for key, gone in added.items()}, self.added),
            ("suggestions", sorted(suggested), sorted(wanted)),
            ("the candidate's history", list(history), ["withdrew", "reinstated"]),
            ("nudges", {str(key): not gone for key, gone in nudges.items()}, self.nudges),
            *((f"question {pk}", states[pk], wanted) for pk, wanted in self.questions.items()),
            *((name, getattr(interview, name), wanted) for name, wanted in self.fields.items()),
        ]
        return [f"{name} is {is_so}, not {wanted}" for name, is_so, wanted in pairs if is_so != wanted]


def every_act(report: Report, *, edits: int) -> None:
    """Two calls at once: the lead of one sends over the socket, of the other over HTTP."""
    site = Site()
    site.start()
    proxy = Proxy(site.port, report.seed)
    proxy.faults = FAULTS
    calls = [Acts(proxy.port, report.seed, number) for number in range(2)]
    try:
        threads = [threading.Thread(target=one.run, args=(edits,)) for one in calls]
        for thread in threads:
            thread.start()
        time.sleep(random.Random(report.seed).uniform(0.3, 1))
        site.kill()
        site.start()
        begin = time.monotonic()
        for thread in threads:
            thread.join()
        report.seconds_to_agree = time.monotonic() - begin
        report.kills += 1 + sum(count for fault, count in proxy.hits.items() if fault is not Fault.NONE)
        for one in calls:
            for light in one.lights:
                light.close()
            report.duplicated += one.send_again(site.port)
            one.check(report)
    finally:
        proxy.close()
        site.close()


def _people_and_question(interview: Any) -> tuple[Any, Any, Any]:
    """A manager of the opening, a stand-in for the panel, and a question that the script does not have."""
    from accounts.factories import HiringManagerFactory, InterviewerFactory
    from question_bank.models import Question

    manager = HiringManagerFactory.create()
    interview.opening.managers.add(manager)
    here = interview.questions.exclude(source=None).values("source")
    picked = Question.objects.published().exclude(pk__in=here).filter(parent=None).first()
    return manager, InterviewerFactory.create(), picked
