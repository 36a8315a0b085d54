"""What holds for any scale, any bands and any grid."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ...models.reference.credit_score import CreditScore, Criterion

CODES = ("country", "agency", "payment", "sector")
#: a database stands behind: no clock, and the class is set up once for all examples
ANY = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.differing_executors],
)
scores = st.none() | st.floats(0, 100)
weights = st.floats(0, 1000).map(lambda weight: round(weight, 3))
grids = st.lists(st.tuples(weights, scores), min_size=4, max_size=4)


def grid(parts):
    """A grid of four criteria with these (weight, score)."""
    return CreditScore(
        tuple(
            Criterion(code, weight, score, ())
            for code, (weight, score) in zip(CODES, parts, strict=True)
        )
    )


def shares(score):
    """The share of each criterion in the total, {code: share}."""
    counted = [c for c in score.criteria if c.score is not None and c.weight > 0]
    everything = sum(criterion.weight for criterion in counted)
    return {criterion.code: criterion.weight / everything for criterion in counted}


@tagged("post_install", "-at_install")
class TestGridProperties(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.env["credit.insurance.rating.source"].search([])
        cls.bands = cls.env["credit.insurance.band"].search([])
        cls.trial = cls.env["credit.insurance.rating.source"].create(
            {"name": "Trial", "code": "trial", "criterion": "agency", "scale": "number"}
        )

    # === SCALES === #

    @ANY
    @given(
        low=st.integers(-1000, 1000),
        width=st.integers(1, 2000),
        places=st.tuples(st.floats(0, 1), st.floats(0, 1)),
        higher_is_better=st.booleans(),
    )
    def test_numbers_keep_their_order(self, low, width, places, higher_is_better):
        """A better number is never worth less, and all lies between 0 and 100."""
        source = self.trial
        source.value_max, source.value_min = 5000, -5000  # never upside down
        source.value_min, source.value_max = low, low + width
        source.higher_is_better = higher_is_better
        worse, better = sorted(low + width * place for place in places)
        if not higher_is_better:
            worse, better = better, worse
        normalised = [
            source._normalise(min(max(value, low), low + width))
            for value in (worse, better)
        ]
        self.assertLessEqual(normalised[0], normalised[1])
        for value in normalised:
            self.assertGreaterEqual(value, 0)
            self.assertLessEqual(round(value, 9), 100)
        ends = [source._normalise(value) for value in (low, low + width)]
        self.assertEqual(ends, [0, 100] if higher_is_better else [100, 0])

    def test_shipped_numbers_keep_their_order(self):
        """Every shipped scale of numbers, step by step, in its own direction."""
        numbers = self.sources.filtered(lambda source: source.scale == "number")
        self.assertGreaterEqual(len(numbers), 8)
        for source in numbers:
            low, high = source.value_min, source.value_max
            steps = [low + (high - low) * step / 50 for step in range(51)]
            if not source.higher_is_better:
                steps.reverse()
            normalised = [source._normalise(value) for value in steps]
            with self.subTest(source=source.code):
                self.assertEqual(normalised, sorted(normalised))
                self.assertEqual((normalised[0], normalised[-1]), (0, 100))

    def test_shipped_grades_keep_their_order(self):
        """From the worst rank to the best: scores rise and no two grades share one."""
        graded = self.sources.filtered(lambda source: source.scale == "grade")
        self.assertGreaterEqual(len(graded), 7)
        for source in graded:
            grades = source.grade_ids.filtered(lambda grade: grade.scoring == "score")
            ranked = grades.sorted("rank", reverse=not source.higher_is_better)
            found = ranked.mapped("score")
            with self.subTest(source=source.code):
                self.assertEqual(found, sorted(set(found)))
                self.assertEqual((found[0], found[-1]), (0, 100))

    @ANY
    @given(
        ranks=st.lists(st.integers(-50, 50), min_size=2, max_size=8, unique=True),
        higher_is_better=st.booleans(),
    )
    def test_spread_grades_keep_their_order(self, ranks, higher_is_better):
        source = self.env["credit.insurance.rating.source"].create(
            {
                "name": "Grades",
                "code": f"grades {self.env.cr.now()} {ranks} {higher_is_better}",
                "higher_is_better": higher_is_better,
                "grade_ids": [
                    (0, 0, {"code": str(rank), "rank": rank}) for rank in ranks
                ],
            }
        )
        source.action_spread_scores()
        ranked = source.grade_ids.sorted("rank", reverse=not higher_is_better)
        found = ranked.mapped("score")
        self.assertEqual(found, sorted(set(found)))
        self.assertEqual((found[0], found[-1]), (0, 100))
        source.unlink()

    # === BANDS === #

    @ANY
    @given(score=st.floats(0, 100))
    def test_shipped_bands_hold_every_score_once(self, score):
        """No gap and no overlap, whatever the score."""
        self.assertEqual(len(self.bands._matching(score)), 1)
        holding = [band for band in self.bands if band._matching(score)]
        self.assertEqual(len(holding), 1)

    @ANY
    @given(
        cuts=st.lists(
            st.integers(1, 9999).map(lambda cut: cut / 100),
            min_size=1,
            max_size=6,
            unique=True,
        ),
        score=st.floats(0, 100),
    )
    def test_bands_that_meet_hold_every_score_once(self, cuts, score):
        """Bands cut anywhere, one beginning where the one before it ends."""
        ends = [0, *sorted(cuts), 100]
        bands = self.env["credit.insurance.band"].concat(
            *(
                self.env["credit.insurance.band"].new(
                    {"name": "x", "code": "x", "score_min": low, "score_max": high}
                )
                for low, high in pairwise(ends)
            )
        )
        for value in (score, *ends):
            holding = [band for band in bands if band._matching(value)]
            self.assertEqual(len(holding), 1, value)

    # === THE GRID === #

    @ANY
    @given(parts=grids)
    def test_the_total_lies_between_its_criteria(self, parts):
        score = grid(parts)
        counted = [c.score for c in score.criteria if c.score is not None and c.weight]
        if not counted:
            self.assertIsNone(score.total)
            return
        self.assertGreaterEqual(score.total, min(counted) - 1e-9)
        self.assertLessEqual(score.total, max(counted) + 1e-9)

    @ANY
    @given(parts=grids, dropped=st.integers(0, 3))
    def test_dropping_a_criterion_keeps_the_others_shares(self, parts, dropped):
        """The others' shares keep their proportions, and still make up the total."""
        whole = grid(parts)
        parts = list(parts)
        parts[dropped] = (parts[dropped][0], None)
        left = grid(parts)
        before, after = shares(whole), shares(left)
        self.assertEqual(set(after), set(before) - {CODES[dropped]})
        for one in after:
            for other in after:
                self.assertAlmostEqual(
                    after[one] * before[other], after[other] * before[one], 9
                )
        if after:
            by_code = {criterion.code: criterion.score for criterion in left.criteria}
            total = sum(share * by_code[code] for code, share in after.items())
            self.assertAlmostEqual(left.total, total, 6)

    @ANY
    @given(parts=grids, criterion=st.integers(0, 3), rise=st.floats(0, 100))
    def test_a_better_rating_never_lowers_the_total(self, parts, criterion, rise):
        weight, score = parts[criterion]
        if score is None:
            return
        better = list(parts)
        better[criterion] = (weight, min(score + rise, 100))
        before, after = grid(parts).total, grid(better).total
        if before is not None:
            self.assertGreaterEqual(after, before - 1e-9)

    @ANY
    @given(parts=grids, missing=st.integers(0, 3))
    def test_what_is_missing_lowers_confidence_alone(self, parts, missing):
        whole = grid(parts)
        parts = list(parts)
        parts[missing] = (parts[missing][0], None)
        self.assertLessEqual(grid(parts).confidence, whole.confidence)
        self.assertLessEqual(whole.confidence, 1 + 1e-9)
