from django.test import TestCase

from question_bank.factories import QuestionFactory
from question_bank.models import Question
from question_bank.tree import Tree

# 1 ─ 2 ─ 4, 1 ─ 3, and 5 by itself; siblings in the order given.
ROWS = [(1, None), (3, 1), (2, 1), (4, 2), (5, None)]


class TestTree(TestCase):
    def test_root_is_the_topmost_question(self):
        self.assertEqual([Tree(ROWS).root(pk) for pk in (1, 2, 3, 4, 5)], [1, 1, 1, 1, 5])

    def test_branch_comes_in_reading_order_with_depths(self):
        self.assertEqual(list(Tree(ROWS).branch(1)), [(1, 0), (3, 1), (2, 1), (4, 2)])

    def test_below_leaves_the_question_itself_out(self):
        self.assertEqual(Tree(ROWS).below(1), {2, 3, 4})
        self.assertEqual(Tree(ROWS).below(5), set())

    def test_order_puts_follow_ups_behind_their_question(self):
        self.assertEqual(Tree(ROWS).order(), [1, 3, 2, 4, 5])

    def test_question_whose_parent_is_not_among_them_is_a_root(self):
        tree = Tree([(4, 2), (5, None)])
        self.assertEqual(tree.order(), [4, 5])
        self.assertEqual(tree.root(4), 4)

    def test_no_questions_make_an_empty_order(self):
        self.assertEqual(Tree([]).order(), [])

    def test_of_questions_takes_one_query_whatever_their_depth(self):
        top = question = QuestionFactory()
        for _ in range(10):
            question = QuestionFactory(parent=question)
        with self.assertNumQueries(1):
            tree = Tree.of(Question.objects.all())
        self.assertEqual(list(tree.branch(top.pk))[-1], (question.pk, 10))
