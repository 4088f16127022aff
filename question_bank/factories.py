"""Questions and scripts for tests and demo data."""

import factory

from question_bank.models import Anchor, Point, Question, Reference, Script, ScriptItem, Section, Topic


class TopicFactory(factory.django.DjangoModelFactory[Topic]):
    class Meta:
        model = Topic

    key = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"Topic {n}")


class QuestionFactory(factory.django.DjangoModelFactory[Question]):
    """A published top-level question; `parent=` makes it a follow-up of that one's topic."""

    class Meta:
        model = Question

    topic = factory.Maybe("parent", factory.SelfAttribute("parent.topic"), factory.SubFactory(TopicFactory))
    parent = None
    prompt = factory.Sequence(lambda n: f"What happens in case {n}?")
    status = Question.Status.PUBLISHED


class PointFactory(factory.django.DjangoModelFactory[Point]):
    class Meta:
        model = Point

    question = factory.SubFactory(QuestionFactory)
    text = factory.Sequence(lambda n: f"names cause {n}")


class AnchorFactory(factory.django.DjangoModelFactory[Anchor]):
    class Meta:
        model = Anchor

    question = factory.SubFactory(QuestionFactory)
    rating = 3
    text = "reasons it through"


class ReferenceFactory(factory.django.DjangoModelFactory[Reference]):
    class Meta:
        model = Reference

    question = factory.SubFactory(QuestionFactory)
    title = "A page about it"
    url = "https://example.org/page"


class ScriptFactory(factory.django.DjangoModelFactory[Script]):
    class Meta:
        model = Script

    name = factory.Sequence(lambda n: f"Script {n}")


class SectionFactory(factory.django.DjangoModelFactory[Section]):
    class Meta:
        model = Section

    script = factory.SubFactory(ScriptFactory)
    title = "Response time"
    minutes = 15


class ScriptItemFactory(factory.django.DjangoModelFactory[ScriptItem]):
    class Meta:
        model = ScriptItem

    section = factory.SubFactory(SectionFactory)
    question = factory.SubFactory(QuestionFactory)
